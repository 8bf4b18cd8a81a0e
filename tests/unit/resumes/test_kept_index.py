"""The index of applications is kept, read on, and now and then read anew."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from avito_scrapy.avito.parsing import ApplicationBatch
from avito_scrapy.avito.results import ApplicationFacts, Failure, ListedApplication
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.application_index import ApplicationIndex, KeptIndex
from avito_scrapy.store import Store, open_store

NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
SINCE = date(2025, 11, 24)
TOO_SOON = Reason("applications_too_soon")
DAY_S = 86_400.0


class IndexAvito:
    """Applications by id with their last change.

    ``since``: first days of the lists that were asked for; ``asked``: applications that were.
    """

    def __init__(self, changed: dict[str, datetime]) -> None:
        self.changed = changed
        self.since: list[date] = []
        self.asked: list[str] = []
        self.fails = False

    async def application_ids(
        self, since: date, cursor: str = ""
    ) -> list[ListedApplication] | Failure:
        if cursor:
            return []
        self.since.append(since)
        return [
            ListedApplication(one, at.timestamp())
            for one, at in self.changed.items()
            if at.date() >= since
        ]

    async def applications(self, ids: Sequence[str], today: date) -> ApplicationBatch:
        self.asked += ids
        if self.fails:
            return ApplicationBatch(failure=Failure(Reason("silence", seconds=15)))
        facts = [
            ApplicationFacts(
                one, f"u2i-{one}", 1.0, f"9{one}", updated=self.changed[one].timestamp()
            )
            for one in ids
        ]
        return ApplicationBatch(facts)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/store.db") as store:
        yield store


class IndexRuns:
    """Runs one after another; ``waited``: seconds slept."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.avito = IndexAvito({
            "1": NOW - timedelta(days=200),
            "2": NOW - timedelta(days=3),
            "3": NOW - timedelta(hours=5),
        })  # fmt: skip
        self.waited: list[float] = []

    def read(
        self,
        after: float = 0.0,
        *,
        refresh: bool = False,
        since: date = SINCE,
        behind: float | None = 0.0,
    ) -> ApplicationIndex:
        async def wait(seconds: float) -> None:
            self.waited.append(seconds)

        self.avito.since.clear()
        self.avito.asked.clear()
        now = NOW + timedelta(seconds=after)
        kept = KeptIndex(self.avito, self.store.applications, 7, now, behind, wait)
        chats = {f"u2i-{number}" for number in range(1, 5)}
        return asyncio.run(kept.read(chats, since, now.date(), refresh=refresh))


@pytest.fixture
def runs(store: Store) -> IndexRuns:
    runs = IndexRuns(store)
    assert len(runs.read()) == 3
    assert runs.avito.since == [SINCE]
    return runs


def test_it_is_read_on_from_its_last_change(runs: IndexRuns) -> None:
    runs.avito.changed["4"] = NOW + timedelta(minutes=5)
    index = runs.read(600)
    assert runs.avito.since == [date(2026, 11, 23)]
    assert runs.avito.asked == ["4"]  # the third is on the list and has not changed
    assert len(index) == 4
    found = index.get("u2i-1")
    assert found is not None
    assert (found.resume_id, index.incomplete) == ("91", None)
    assert index.resumes == {"91", "92", "93", "94"}


def test_what_changed_again_is_asked_for_again(runs: IndexRuns) -> None:
    runs.avito.changed["3"] += timedelta(hours=1)
    runs.read(600)
    assert runs.avito.asked == ["3"]
    assert runs.read(1200, refresh=True).incomplete is None
    assert runs.avito.asked == ["1", "2", "3"]
    runs.read(8 * DAY_S)
    assert runs.avito.asked == ["1", "2", "3"]


@pytest.mark.parametrize("behind", [-3600.0, 0.0, 3600.0])
def test_a_stored_index_knows_nothing_of_what_came_later(runs: IndexRuns, behind: float) -> None:
    assert runs.read(600, behind=behind).unknown(None) is None
    index = runs.read(700, behind=behind)
    read_at = NOW + timedelta(seconds=600 + behind)  # by Avito's clock
    assert index.unknown((read_at - timedelta(seconds=2)).isoformat()) is None
    later = read_at + timedelta(seconds=1)
    assert index.unknown(later.isoformat()) == TOO_SOON
    assert index.unknown(read_at.isoformat(), None) == TOO_SOON  # within a second
    assert index.unknown(SINCE.isoformat(), later.isoformat()) == TOO_SOON
    assert index.unknown(None) == TOO_SOON
    assert runs.read(800, behind=None).unknown(SINCE.isoformat()) == TOO_SOON


def test_not_more_often_than_every_five_minutes(
    runs: IndexRuns, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert len(runs.read(200)) == 3
    assert runs.avito.since == []
    assert "Applications are those of 200 s ago" in caplog.text
    # One that is a little early waits.
    runs.read(290)
    assert (runs.waited, len(runs.avito.since)) == ([10.0], 1)
    # A clock that was set back says nothing of when that was.
    runs.read(-3600)
    assert len(runs.avito.since) == 1


def test_anew_weekly_and_when_told_and_when_it_does_not_reach_back(runs: IndexRuns) -> None:
    assert runs.read(8 * DAY_S)
    assert runs.avito.since == [SINCE]
    assert runs.read(8 * DAY_S + 60, refresh=True)
    assert runs.avito.since == [SINCE]
    earlier = SINCE - timedelta(days=30)
    assert runs.read(8 * DAY_S + 120, since=earlier)
    assert runs.avito.since == [earlier]


def test_what_was_withdrawn_goes_when_it_is_read_anew(runs: IndexRuns) -> None:
    del runs.avito.changed["1"]
    assert len(runs.read(600)) == 3
    assert len(runs.read(1200, refresh=True)) == 2
    assert len(runs.read(1800)) == 2


def test_a_later_first_day_leaves_out_what_is_older(runs: IndexRuns) -> None:
    assert len(runs.read(600, since=date(2026, 11, 1))) == 2
    assert len(runs.read(1200)) == 3


def test_a_failure_leaves_what_is_known_and_says_so(runs: IndexRuns) -> None:
    runs.avito.fails = True
    runs.avito.changed["3"] += timedelta(hours=1)
    index = runs.read(600)
    assert (len(index), index.incomplete) == (3, Reason("silence", seconds=15))
    runs.avito.fails = False
    assert runs.read(660).incomplete is None
    assert runs.avito.since == [date(2026, 11, 23)]


def test_a_person_who_is_forgotten_is_in_no_index(runs: IndexRuns, store: Store) -> None:
    store.people.forget({"u2i-2"})
    assert list(store.applications.all(7)) == []
    runs.read(60)
    assert runs.avito.since == [SINCE]
