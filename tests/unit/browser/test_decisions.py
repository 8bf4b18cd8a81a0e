"""Decisions that need no page: the end, the pace, the control figure, the signs."""

from __future__ import annotations

from random import Random

import pytest

from avito_scrapy.browser.block_detection import BlockDetector
from avito_scrapy.browser.end_detection import FAILURES, SETTLED, STABLE, SURE, EndDetector, verdict
from avito_scrapy.browser.errors import AccessBlocked, LoginRequired
from avito_scrapy.browser.favorites import figure
from avito_scrapy.browser.list_responses import ListResponses
from avito_scrapy.browser.pace import LONGEST, SHORTEST, Pace


def quiet(rounds: int) -> EndDetector:
    detector = EndDetector()
    for _ in range(rounds):
        detector.nothing()
    return detector


def test_the_pages_word_and_nothing_after_it() -> None:
    assert not quiet(SETTLED - 1).ended(has_more=False)
    assert quiet(SETTLED).ended(has_more=False)
    assert not quiet(SETTLED).ended(has_more=True)
    assert not quiet(SETTLED).ended(has_more=None)


def test_progress_voids_it() -> None:
    detector = quiet(STABLE)
    detector.progress()
    assert not detector.ended(has_more=False)
    assert not detector.exhausted(failures=0, sure=False)


def test_stable_rounds() -> None:
    assert not quiet(STABLE - 1).exhausted(failures=0, sure=False)
    assert quiet(STABLE).exhausted(failures=0, sure=False)
    assert quiet(SURE).exhausted(failures=0, sure=True)
    assert quiet(0).exhausted(failures=FAILURES, sure=False)


def test_slow_loads_are_waited_for() -> None:
    assert sum(quiet(n).patience(has_more=None) for n in range(STABLE)) > 8
    assert quiet(0).patience(has_more=False) < 0.5


@pytest.mark.parametrize(
    ("found", "proven", "expected", "check_failed", "result"),
    [
        (100, True, None, False, "finished"),
        (100, False, None, False, "incomplete"),
        (100, True, 101, False, "incomplete"),
        (100, True, 100, False, "finished"),
        (100, True, 90, False, "finished"),
        (100, False, 100, False, "incomplete"),
        (100, True, None, True, "incomplete"),
        (0, True, None, False, "finished"),
    ],
)
def test_verdict(
    found: int, proven: bool, expected: int | None, check_failed: bool, result: str
) -> None:
    got = verdict(found=found, proven=proven, expected=expected, check_failed=check_failed)
    assert got == result


def test_steps_are_of_a_readers_size() -> None:
    for name in ("fast", "human"):
        pace = Pace(name, Random(1))
        steps = [step for _ in range(300) for step in pace.steps()]
        down = [step for step in steps if step > 0]
        assert all(SHORTEST <= step <= LONGEST for step in down)
        assert len(set(down)) > 100
        assert any(step < 0 for step in steps) == (name == "human")


def test_pauses_follow_what_there_is_to_read() -> None:
    fast = Pace("fast")
    assert fast.pause(30) == 0
    human = Pace("human", Random(1))
    pauses = [human.pause(30 if turn % 3 == 0 else 0) for turn in range(300)]
    assert max(pauses) < 0.4
    assert 3000 * 0.01 < sum(pauses) < 3000 * 0.02
    assert Pace("human").pause(0) == 0


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Резюме 2\u00a0655"], 2655),
        (["Резюме2655"], 2655),
        (["Резюме", "Вакансии 12 Резюме", "Резюме (1\u202f204)"], 1204),
        (["Избранное: резюме — 7"], 7),
        (["12 345 резюме"], 12345),
        (["Резюме\n  0 "], 0),
        (["Резюме 2,6 тыс."], None),
        (["Вакансии 12 Автомобили 3 Резюме"], None),
        (["Резюме 12 Автомобили 3"], None),
        (["Создать резюме бесплатно · 2007"], None),
        (["Автомобили 3"], None),
        ([], None),
    ],
)
def test_control_figure(texts: list[str], expected: int | None) -> None:
    assert figure(texts) == expected


def answers(failures: int = 0, status: int | None = None) -> ListResponses:
    made = ListResponses(lambda: None)
    made.failures, made.status = failures, status
    return made


def test_signs_that_are_believed_at_once() -> None:
    with pytest.raises(LoginRequired):
        BlockDetector().check({"sure": "login"}, answers())
    with pytest.raises(AccessBlocked):
        BlockDetector().check({"sure": "robot"}, answers())
    with pytest.raises(LoginRequired):
        BlockDetector().check({}, answers(2, 401))
    with pytest.raises(AccessBlocked):
        BlockDetector().check({}, answers(1, 403), patient=False)
    BlockDetector().check({}, answers(1, 403))
    BlockDetector().check({}, answers(5, 500))
    BlockDetector().check({"sure": None, "likely": None}, answers())


def test_a_text_must_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("avito_scrapy.browser.block_detection.monotonic", lambda: now[0])
    signs = BlockDetector()
    signs.check({"likely": "login"}, answers())
    now[0] += 0.9
    signs.check({"likely": "login"}, answers())
    signs.check({}, answers())
    now[0] += 0.9
    signs.check({"likely": "login"}, answers())
    now[0] += 1.1
    with pytest.raises(LoginRequired):
        signs.check({"likely": "login"}, answers())
    with pytest.raises(AccessBlocked):
        BlockDetector().check({"likely": "robot"}, answers(), patient=False)
