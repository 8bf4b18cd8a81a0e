from __future__ import annotations

import pytest

from avito_scrapy.resumes.rate_limit import LARGEST_MARGIN, LONGEST_PAUSE_S, MethodRate


@pytest.mark.parametrize(
    ("limit", "delay"), [(600, 0.101), (60, 1.01), (6000, 0.0101), (30, 2.02), (1_200_000, 0.0)]
)
def test_the_stated_limit_is_followed_at_a_small_distance(limit: int, delay: float) -> None:
    pace = MethodRate()
    assert pace.answered(200, limit, 0, 0.1) is False
    assert pace.spacing == pytest.approx(delay)


def test_what_is_not_stated_changes_nothing() -> None:
    pace = MethodRate()
    pace.answered(200, None, 0, 0.1)
    assert pace.spacing is None
    pace.answered(200, 60, 0, 0.1)
    pace.answered(200, None, 1, 1.1)
    pace.answered(200, 0, 1, 1.1)
    assert pace.spacing == pytest.approx(1.01)


def test_a_429_pauses_for_a_second() -> None:
    pace = MethodRate()
    assert pace.answered(429, 600, sent_at=10, now=10.1) is True
    assert pace.held(11.0)
    assert not pace.held(11.2)


def test_those_that_were_under_way_belong_to_the_same_pause() -> None:
    pace = MethodRate()
    pace.answered(429, 600, 10, 10.1)
    for sent_at in (10.05, 10.1, 11.0):
        assert pace.answered(429, 600, sent_at, sent_at + 0.1) is False
    assert pace.paused_until == pytest.approx(11.1)


def test_a_window_that_has_not_turned_doubles_the_pause() -> None:
    pace, now, pauses = MethodRate(), 0.0, []
    for _ in range(9):
        assert pace.answered(429, 600, now, now)
        pauses.append(pace.pause)
        now = pace.paused_until
    assert pauses == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
    pace.answered(200, 600, now, now)
    assert pace.answered(429, 600, now + 1, now + 1)
    assert pace.pause == 1


def test_a_late_answer_from_before_the_pause_does_not_end_it() -> None:
    pace = MethodRate()
    pace.answered(429, 600, 10, 10.1)
    pace.answered(200, 600, 9.9, 10.2)
    assert pace.held(10.5)
    assert pace.pause == 1


def test_each_pause_costs_a_little_speed_up_to_a_bound() -> None:
    pace = MethodRate()
    for event in range(20):
        pace.answered(429, 600, event * 100, event * 100)
        pace.answered(200, 600, event * 100 + 70, event * 100 + 70)
    assert pace.spacing == pytest.approx(0.1 * (1 + LARGEST_MARGIN))


def sent(pace: MethodRate, times: list[float], limit: int = 600) -> None:
    for at in times:
        assert pace.answered(200, limit, at, at + 0.08) is False


def test_a_second_full_of_our_own_requests_tells_when_the_window_turns() -> None:
    pace = MethodRate()
    sent(pace, [10 + n / 10 for n in range(10)])
    assert pace.answered(429, 600, sent_at=10.98, now=10.99)
    assert pace.pause == pytest.approx(0.06)
    # It had not turned: then it is another window.
    for pause in (1, 2, 4):
        now = pace.paused_until
        assert pace.answered(429, 600, now, now)
        assert pace.pause == pause


def test_when_it_has_turned_by_now_the_pause_is_a_moment() -> None:
    pace = MethodRate()
    sent(pace, [10 + n / 10 for n in range(10)])
    assert pace.answered(429, 600, sent_at=11.01, now=11.1)
    assert pace.pause == pytest.approx(0.05)


@pytest.mark.parametrize("times", [[10.0], [n + 1.0 for n in range(10)]])
def test_a_refusal_that_our_own_requests_do_not_explain(times: list[float]) -> None:
    pace = MethodRate()
    sent(pace, times)
    assert pace.answered(429, 600, sent_at=11.0, now=11.0)
    assert pace.pause == 1
