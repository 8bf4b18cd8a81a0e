"""Thin adapters that take items to where they stay: dedupe, store, workbook."""
