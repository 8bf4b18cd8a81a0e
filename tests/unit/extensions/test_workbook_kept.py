"""When the workbook that is there is as good as one written now."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from avito_scrapy.items import ChatResume
from avito_scrapy.pipelines import KEEP_S, WorkbookPipeline


class KeptBook:
    """A pipeline whose workbook is a text; ``written``: how often it was."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.written, self.stoplist = folder, 0, None
        self.problems: list[str] = []
        self.stats: dict[str, Any] = {}
        (folder / ".avito").mkdir()
        monkeypatch.setattr("avito_scrapy.report.replace.renew", self.renew)
        monkeypatch.setattr("avito_scrapy.store.record_source.records_of_run", lambda *_: None)
        monkeypatch.setattr("avito_scrapy.workbook.options_for", lambda *_: None)
        monkeypatch.setattr("avito_scrapy.workbook.remember_stoplist", lambda *_: None)

    def renew(self, *_: Any, replaces: Path, draft: Path) -> Any:
        self.written += 1
        draft.write_text(f"workbook {self.written}", encoding="utf-8")
        draft.replace(replaces)
        summary = SimpleNamespace(people=1, problems=self.problems)
        return SimpleNamespace(path=replaces, summary=summary, unclear=(), aside=None, carried=None)

    def run(self, *items: ChatResume, stoplist: Path | None = None) -> int:
        stats = SimpleNamespace(set_value=self.stats.__setitem__, get_value=self.stats.get)
        store = SimpleNamespace(store=None, run_id=1)
        crawler = SimpleNamespace(
            spider=SimpleNamespace(
                output_name="resumes", arguments=SimpleNamespace(stoplist=stoplist)
            ),
            spidercls=SimpleNamespace(output_name="resumes"),
            settings=SimpleNamespace(getbool=lambda *_: True),
            stats=stats,
            avito_config=SimpleNamespace(data_dir=self.folder, private_dir=self.folder / ".avito"),
            get_extension=lambda _: store,
        )
        pipeline = WorkbookPipeline(crawler)  # type: ignore[arg-type]
        for item in items:
            pipeline.process_item(item)
        pipeline._write()
        return self.written


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeptBook:
    return KeptBook(tmp_path, monkeypatch)


ONE = ChatResume("u2i-1", outcome="found", chat_status="replied", position=1)
TWO = ChatResume("u2i-2", outcome="no_resume", position=2)


def test_it_stays_while_nothing_changes(book: KeptBook) -> None:
    assert book.run(ONE, TWO) == 1
    again = ChatResume("u2i-1", outcome="found", chat_status="replied", position=9, from_store=True)
    assert book.run(TWO, again) == 1
    assert book.stats["avito/workbook/kept"] == 1


def test_it_is_written_when_anything_changed(book: KeptBook, tmp_path: Path) -> None:
    book.run(ONE, TWO)
    assert book.run(ONE) == 2
    assert book.run(ChatResume("u2i-1", outcome="found", chat_status="awaits_us")) == 3
    stop = tmp_path / "stop.csv"
    stop.write_text("1", encoding="utf-8")
    changed = ChatResume("u2i-1", outcome="found", chat_status="awaits_us")
    assert book.run(changed, stoplist=stop) == 4
    assert book.run(changed, stoplist=stop) == 4
    stop.write_text("12", encoding="utf-8")
    assert book.run(changed, stoplist=stop) == 5


def test_it_is_written_when_somebody_saved_or_removed_it(book: KeptBook) -> None:
    book.run(ONE)
    (book.folder / "resumes.xlsx").write_text("notes of the recruiter", encoding="utf-8")
    assert book.run(ONE) == 2
    (book.folder / "resumes.xlsx").unlink()
    assert book.run(ONE) == 3


@pytest.mark.parametrize("age", [KEEP_S + 1, -3600])
def test_it_is_written_when_it_is_old_or_the_clock_was_set_back(book: KeptBook, age: float) -> None:
    book.run(ONE)
    record = book.folder / ".avito" / "workbook.json"
    known = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({**known, "written_at": time.time() - age}), encoding="utf-8")
    assert book.run(ONE) == 2


def test_it_is_written_until_every_stop_list_is_read(book: KeptBook) -> None:
    book.problems = ["stop.xls: damaged"]
    assert (book.run(ONE), book.run(ONE)) == (1, 2)


def test_a_damaged_record_costs_nothing_but_the_writing(book: KeptBook) -> None:
    book.run(ONE)
    (book.folder / ".avito" / "workbook.json").write_text("[1]", encoding="utf-8")
    assert book.run(ONE) == 2
