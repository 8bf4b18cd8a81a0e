"""The workbook a recruiter works from. No Scrapy."""

from avito_scrapy.report.notes_back import (
    PreviousDamaged,
    PreviousOpen,
    ensure_closed,
    read_notes,
    written_at,
)
from avito_scrapy.report.options import ReportOptions, ReportSummary
from avito_scrapy.report.writer import write_workbook

__all__ = [
    "PreviousDamaged",
    "PreviousOpen",
    "ReportOptions",
    "ReportSummary",
    "ensure_closed",
    "read_notes",
    "write_workbook",
    "written_at",
]
