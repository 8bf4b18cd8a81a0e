"""Workbooks are read back once, in whichever state they were saved last."""

from __future__ import annotations

import os
import shutil
from datetime import timezone

from avito_scrapy.report.previous import not_read_yet
from avito_scrapy.report.recruiter_notes import RecruiterNotes
from avito_scrapy.report.replace import draft_of, read_back
from tests.unit.report.test_carry_over import three as three
from tests.unit.report.test_working_day import WorkingDay
from tests.unit.report.test_working_day import day as day


def test_a_copy_that_is_saved_while_it_is_read_is_read_again(three: WorkingDay) -> None:
    workbook = three.folder / "resumes.xlsx"
    copy = three.folder / "resumes (Мария).xlsx"
    shutil.copy(workbook, copy)
    taken: list[bool] = []

    def take(read: RecruiterNotes, is_copy: bool) -> None:
        taken.append(is_copy)
        if len(taken) == 1:  # somebody saves it just now
            later = copy.stat().st_mtime_ns + 1_000_000
            os.utime(copy, ns=(later, later))

    for _ in range(2):
        assert read_back(workbook, draft_of(workbook), timezone.utc, tuple, take).unclear == []
        if len(taken) == 1:
            assert not_read_yet(workbook, [copy]) == [copy]
    assert taken == [True, True]
    read_back(workbook, draft_of(workbook), timezone.utc, tuple, take)
    assert taken == [True, True], "as it was read the last time"


def test_a_copy_whose_name_is_of_another_code_page_is_read_once(three: WorkingDay) -> None:
    workbook = three.folder / "resumes.xlsx"
    copy = three.folder / os.fsdecode("resumes (Мария).xlsx".encode("cp1251"))
    shutil.copy(workbook, copy)
    taken: list[bool] = []
    for _ in range(2):
        read_back(
            workbook, draft_of(workbook), timezone.utc, tuple, lambda _, copy: taken.append(copy)
        )
    assert taken == [True]
