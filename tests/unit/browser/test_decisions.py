"""Decisions that need no page: the end, the pace, the control figure, the signs."""

from __future__ import annotations

from random import Random

import pytest

from avito_scrapy.browser.collection import figure
from avito_scrapy.browser.list_responses import ListResponses
from avito_scrapy.browser.pacing import (
    FAILED_LOADS,
    LONGEST,
    SETTLED,
    SHORTEST,
    STABLE,
    SURE,
    EndDetector,
    Pace,
)
from avito_scrapy.browser.stopping import AccessBlocked, BlockDetector, LoginRequired, is_check_page
from tests.support.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def quiet(rounds: int, clock: FakeClock | None = None) -> EndDetector:
    detector = EndDetector(60.0, clock or FakeClock())
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
    assert not detector.exhausted(sure=False)


def test_stable_rounds() -> None:
    assert not quiet(STABLE - 1).exhausted(sure=False)
    assert quiet(STABLE).exhausted(sure=False)
    assert quiet(SURE).exhausted(sure=True)


def test_slow_loads_are_waited_for() -> None:
    assert sum(quiet(n).pause(has_more=None) for n in range(STABLE)) > 8
    assert quiet(0).pause(has_more=False) < 0.5


def test_a_page_that_does_nothing_is_loaded_again_and_given_up_after_a_minute(
    clock: FakeClock,
) -> None:
    detector = quiet(0, clock)
    start, reloads = clock.now, []
    while not detector.given_up:
        detector.page_loaded()
        left = clock.now
        while not detector.stuck():
            detector.nothing()
            clock.now += 1
        reloads.append(clock.now - left)
        detector.page_left()
    assert 60 <= clock.now - start < 80
    assert reloads[:3] == sorted(reloads[:3])
    assert 3 < len(reloads) < 9


def failing(detector: EndDetector, clock: FakeClock, back_off: float) -> int:
    """Loads that fail, each ``back_off`` seconds after the last, until the page is stuck."""
    loads = 0
    while not detector.stuck():
        clock.now += back_off
        detector.load_failed()
        detector.nothing()
        loads += 1
    return loads


@pytest.mark.parametrize("back_off", [0.5, 5.0, 10.0])
def test_a_page_that_goes_on_failing_is_tried_for_a_minute_and_twelve_times(
    clock: FakeClock, back_off: float
) -> None:
    detector = quiet(0, clock)
    start = clock.now
    assert failing(detector, clock, back_off) >= FAILED_LOADS
    assert clock.now - start >= 60
    detector.page_left()
    assert not detector.given_up, "it is loaded again first"
    detector.page_loaded()
    assert failing(detector, clock, back_off) == SURE
    detector.page_left()
    assert detector.given_up


def test_a_page_that_backs_off_is_not_loaded_again_meanwhile(clock: FakeClock) -> None:
    detector = quiet(STABLE, clock)
    detector.load_failed()
    clock.now += 10
    assert not detector.stuck()
    clock.now += 3
    assert detector.stuck()


def test_what_is_new_gives_all_the_patience_back(clock: FakeClock) -> None:
    detector = quiet(0, clock)
    failing(detector, clock, 5.0)
    detector.page_left()
    detector.page_loaded()
    detector.found_new()
    assert failing(detector, clock, 5.0) == FAILED_LOADS
    detector.page_left()
    assert not detector.given_up


def test_pauses_after_failures_grow(clock: FakeClock) -> None:
    detector = quiet(0, clock)
    pauses = []
    for _ in range(8):
        detector.load_failed()
        pauses.append(detector.pause(has_more=True))
    assert pauses == sorted(pauses)
    assert pauses[0] < 0.5
    assert pauses[-1] == 5.0


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


def test_what_is_believed_at_once() -> None:
    with pytest.raises(LoginRequired):
        BlockDetector().check({"sure": "login"})
    with pytest.raises(AccessBlocked):
        BlockDetector().check({"sure": "robot"})
    BlockDetector().check({"sure": None, "likely": None, "weak": None})


def test_calls_that_are_answered_with_a_sign_in() -> None:
    responses = ListResponses(lambda: None)
    responses.sign_ins = 1
    responses.check_refused()
    with pytest.raises(LoginRequired):
        responses.check_refused(sign_ins=1)
    responses.sign_ins = 2
    with pytest.raises(LoginRequired):
        responses.check_refused()


def test_a_text_must_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("avito_scrapy.browser.stopping.monotonic", lambda: now[0])
    detector = BlockDetector()
    detector.check({"likely": "login"})
    now[0] += 0.9
    detector.check({"likely": "login"})
    detector.check({})
    now[0] += 0.9
    detector.check({"likely": "login"})
    now[0] += 1.1
    with pytest.raises(LoginRequired):
        detector.check({"likely": "login"})
    with pytest.raises(AccessBlocked):
        BlockDetector().check({"likely": "robot"}, patient=False)


def test_a_waiting_page_may_let_the_browser_through(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("avito_scrapy.browser.stopping.monotonic", lambda: now[0])
    detector = BlockDetector()
    detector.check({"weak": "robot"}, patient=False)
    now[0] += 5
    detector.check({"weak": "robot"}, patient=False)
    detector.check({"weak": "robot"}, loading=True)
    detector.check({"weak": "robot"})
    now[0] += 7
    with pytest.raises(AccessBlocked):
        detector.check({"weak": "robot"})


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("<title>Доступ ограничен: проблема с IP</title>", True),
        ("<h1>Доступ с вашего IP временно ограничен</h1>", True),
        ('<div class="firewall-container">', True),
        ('<script src="https://js.hcaptcha.com/1/api.js">', True),
        ('<div id="geetest_box">', True),
        ("<h1>502 Bad Gateway</h1>", False),
        ("<p>Скоро вернёмся</p>", False),
        ("", False),
    ],
)
def test_check_pages_in_answers(text: str, refused: bool) -> None:
    assert is_check_page(text) == refused
