"""Candidates of an employer's own Avito account: chats, the resume behind each, a workbook."""

__version__ = "0.2.0"
