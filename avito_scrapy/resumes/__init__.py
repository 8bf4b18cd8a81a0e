"""Finds the resume behind a chat."""
