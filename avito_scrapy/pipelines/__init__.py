"""Pipelines: dedupe, store, workbook."""
