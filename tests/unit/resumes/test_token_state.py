"""Tokens that die before their time, refusals that are meant, and both at once."""

from __future__ import annotations

import pytest

from avito_scrapy.downloadermiddlewares.oauth import MOST_REFUSED, YOUNG_S, TokenState

DAY = 86_400.0


def state_with_token(at: float = 0.0) -> TokenState:
    state = TokenState()
    state.granted(at, at + DAY)
    return state


def test_a_token_is_used_until_shortly_before_its_end() -> None:
    state = state_with_token()
    assert state.usable(DAY - 61)
    assert not state.usable(DAY - 60)
    state.granted(0, 10)
    assert state.usable(8.9)
    assert not state.usable(9.1)


def test_without_a_token_none_is_usable() -> None:
    assert not TokenState().usable(0)
    state = state_with_token()
    state.token = None
    assert not state.usable(1)
    assert not state.in_use(1)


@pytest.mark.parametrize("status", [401, 403])
def test_an_old_token_in_a_refusal_costs_no_new_one(status: int) -> None:
    state = state_with_token()
    state.granted(5, DAY)
    assert state.refused(status, number=1, sent_at=6, earlier=0) == "repeat"
    state.token = None  # another is being asked for
    assert state.refused(status, number=2, sent_at=6, earlier=0) == "repeat"


def test_a_dead_token_is_renewed_and_the_next_death_too() -> None:
    state = state_with_token()
    for death in range(1, 20):
        at = death * 3.0
        assert state.refused(401, death, at, 0) == "renew"
        state.granted(at, at + DAY)
        state.accepted(death + 1, state.sign())


def test_a_refusal_that_may_be_about_the_chat_needs_proof() -> None:
    state = state_with_token()
    assert state.refused(403, 1, 100, 0) == "probe"
    # however young the token is, and whatever was believed before
    assert state.refused(403, 1, 0.1, 1) == "probe"


def test_a_401_that_a_second_token_did_not_help_needs_proof() -> None:
    state = state_with_token()
    assert state.refused(401, 1, 100, 0) == "renew"
    state.granted(100, 100 + DAY)
    assert state.refused(401, 2, 100.2, 1) == "probe"
    assert state.refused(401, 2, 100.2, 0) == "probe", "nor would a third help another request"
    assert state.refused(401, 2, 100.2 + YOUNG_S, 0) == "renew"


def test_what_is_allowed_to_everybody_is_believed_with_its_second_token() -> None:
    for status in (401, 403):
        state = state_with_token()
        assert state.refused(status, 1, 100, 0, open_to_all=True) == "renew"
        state.granted(100, 100 + DAY)
        assert state.refused(status, 2, 100.2, 1, open_to_all=True) == "accept"


def test_a_token_that_has_grown_old_in_the_queue_proves_nothing() -> None:
    state = state_with_token()
    state.granted(3, 3 + DAY)
    assert state.refused(401, 2, 3 + YOUNG_S + 2, 1, open_to_all=True) == "renew"


def test_but_not_without_end() -> None:
    state = state_with_token()
    number, at = 1, 50.0
    while state.refused(401, number, at, number - 1, open_to_all=True) == "renew":
        state.granted(at, at + DAY)
        number, at = number + 1, at + 50
    assert number == MOST_REFUSED + 1
    assert state.refused(403, 1, at, MOST_REFUSED) == "accept"


def test_only_an_answer_to_what_was_signed_afterwards_is_proof() -> None:
    state = state_with_token()
    before = state.sign()
    since = state.signed  # a refusal comes
    state.accepted(1, before)  # may have been answered before the token died
    assert not state.alive(1, since)
    state.accepted(1, state.sign())
    assert state.alive(1, since)
    state.accepted(1, before)  # a late one takes nothing back
    assert state.alive(1, since)
    assert not state.alive(1, state.signed)


def test_one_token_does_not_speak_for_another() -> None:
    state = state_with_token()
    since, signed = state.signed, state.sign()
    state.granted(5, DAY)
    state.accepted(1, signed)
    assert not state.alive(1, since), "no longer in use"
    assert not state.alive(2, since)
    state.accepted(2, state.sign())
    state.granted(9, DAY)
    assert not state.alive(3, since), "it may be dead on arrival"
