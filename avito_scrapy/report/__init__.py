"""The workbook a recruiter works from. No Scrapy."""

from avito_scrapy.report.options import ReportOptions, ReportSummary
from avito_scrapy.report.previous import (
    PreviousDamaged,
    PreviousOpen,
    ensure_closed,
)
from avito_scrapy.report.previous_workbook import read_notes
from avito_scrapy.report.recruiter_notes import RecruiterNotes
from avito_scrapy.report.writer import write_workbook

__all__ = [
    "PreviousDamaged",
    "PreviousOpen",
    "RecruiterNotes",
    "ReportOptions",
    "ReportSummary",
    "ensure_closed",
    "read_notes",
    "write_workbook",
]
