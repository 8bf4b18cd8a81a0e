"""The recruiter saves the workbook while a new one is being written: nothing typed is lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from avito_scrapy.config import Config
from avito_scrapy.erasure import Selection, forget
from avito_scrapy.errors import UsageError
from avito_scrapy.items import ChatResume
from avito_scrapy.report import ReportSummary, write_workbook
from avito_scrapy.report.replace import draft_of, put_in_place, renew
from avito_scrapy.store import Store
from avito_scrapy.store.record_source import records_of_folder
from avito_scrapy.workbook import options_for
from tests.integration.store import folder as data
from tests.integration.store.notes.conftest import PEOPLE, PHONE


def write(config: Config, store: Store, typed_in: Path | None = None, text: str = "") -> Path:
    """Write the workbook again; while that goes on, ``text`` is typed into ``typed_in``. Where the
    new one went."""
    workbook = config.data_dir / "resumes.xlsx"
    source = records_of_folder(store, config.data_dir / "resumes.jl")
    assert source is not None
    records = source.records

    def while_typing() -> Iterator[ChatResume]:
        if typed_in is not None:
            data.comment(typed_in, PHONE, text)
        return records()

    options = options_for(config, None)
    source = replace(source, records=while_typing)
    written = renew(store, source, options, replaces=workbook, draft=draft_of(workbook))
    if written.aside:
        return written.path
    return put_in_place(written.path, workbook, datetime.now(timezone.utc))[0]


def comments(workbook: Path) -> dict[str, str]:
    return {row["Телефон"]: row["Комментарий"] for row in data.call_sheet(workbook)}


def test_a_workbook_saved_meanwhile_stays(config: Config, store: Store) -> None:
    workbook = config.data_dir / "resumes.xlsx"
    aside = write(config, store, workbook, "перезвонить")
    assert aside.name == "resumes.new.xlsx"
    assert comments(workbook)[PHONE] == "перезвонить"
    assert comments(aside)[PHONE] is None
    assert write(config, store) == workbook
    assert comments(workbook)[PHONE] == "перезвонить"


def test_one_opened_meanwhile_stays(config: Config, store: Store) -> None:
    workbook = config.data_dir / "resumes.xlsx"
    draft = draft_of(workbook)
    draft.write_bytes(workbook.read_bytes())
    (config.data_dir / ".~lock.resumes.xlsx#").write_text("")
    before = workbook.read_bytes()
    path, why = put_in_place(draft, workbook, datetime.now(timezone.utc))
    assert why == "resumes.xlsx is open in another program (.~lock.resumes.xlsx# is there)"
    assert (path.exists(), draft.exists()) == (True, False)
    assert workbook.read_bytes() == before


def test_one_put_aside_and_saved_meanwhile_is_read_the_next_time(
    config: Config, store: Store
) -> None:
    workbook = config.data_dir / "resumes.xlsx"
    aside = config.data_dir / "resumes.previous-open.20260301-100000.xlsx"
    aside.write_bytes(workbook.read_bytes())
    os.utime(aside, (0, 0))
    assert write(config, store, aside, "из отложенной") == workbook
    assert comments(workbook)[PHONE] is None
    write(config, store)
    assert comments(workbook)[PHONE] == "из отложенной"


def test_forgetting_does_not_overwrite_it(
    config: Config, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = config.data_dir / "resumes.xlsx"

    def while_typing(path: Path, *given: object) -> ReportSummary:
        data.comment(workbook, PHONE, "перезвонить")
        return write_workbook(path, *given)  # type: ignore[arg-type]

    selection = Selection(chat_id=PEOPLE[1].chat_id)
    with monkeypatch.context() as patch:
        patch.setattr("avito_scrapy.report.replace.write_workbook", while_typing)
        with pytest.raises(UsageError, match=r"was saved while .* run again"):
            forget(config, store, selection)
    assert not draft_of(workbook).exists()
    forget(config, store, selection)
    assert comments(workbook) == {PHONE: "перезвонить"}
