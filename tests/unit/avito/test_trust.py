"""Tokens that die before their time, refusals that are meant, and both at once."""

from __future__ import annotations

import pytest

from avito_scrapy.resumes.token_state import MOST_REFUSED, YOUNG_S, TokenTrust

DAY = 86_400.0


def trust_with_token(at: float = 0.0) -> TokenTrust:
    trust = TokenTrust()
    trust.granted(at, at + DAY)
    return trust


def test_a_token_is_used_until_shortly_before_its_end() -> None:
    trust = trust_with_token()
    assert trust.usable(DAY - 61)
    assert not trust.usable(DAY - 60)
    trust.granted(0, 10)
    assert trust.usable(8.9)
    assert not trust.usable(9.1)


def test_without_a_token_none_is_usable() -> None:
    assert not TokenTrust().usable(0)
    trust = trust_with_token()
    trust.invalidate()
    assert not trust.usable(1)
    assert not trust.in_use(1)


@pytest.mark.parametrize("status", [401, 403])
def test_an_old_token_in_a_refusal_costs_no_new_one(status: int) -> None:
    trust = trust_with_token()
    trust.granted(5, DAY)
    assert trust.refused(status, number=1, sent_at=6, earlier=0) == "repeat"
    trust.invalidate()  # another is being asked for
    assert trust.refused(status, number=2, sent_at=6, earlier=0) == "repeat"


def test_a_dead_token_is_renewed_and_the_next_death_too() -> None:
    trust = trust_with_token()
    for death in range(1, 20):
        at = death * 3.0
        assert trust.refused(401, death, at, 0) == "renew"
        trust.granted(at, at + DAY)
        trust.accepted(death + 1, trust.sign())


def test_a_refusal_that_may_be_about_the_chat_needs_proof() -> None:
    trust = trust_with_token()
    assert trust.refused(403, 1, 100, 0) == "prove"
    # however young the token is, and whatever was believed before
    assert trust.refused(403, 1, 0.1, 1) == "prove"


def test_a_401_that_a_second_token_did_not_help_needs_proof() -> None:
    trust = trust_with_token()
    assert trust.refused(401, 1, 100, 0) == "renew"
    trust.granted(100, 100 + DAY)
    assert trust.refused(401, 2, 100.2, 1) == "prove"
    assert trust.refused(401, 2, 100.2, 0) == "prove", "nor would a third help another request"
    assert trust.refused(401, 2, 100.2 + YOUNG_S, 0) == "renew"


def test_what_is_allowed_to_everybody_is_believed_with_its_second_token() -> None:
    for status in (401, 403):
        trust = trust_with_token()
        assert trust.refused(status, 1, 100, 0, judge=True) == "renew"
        trust.granted(100, 100 + DAY)
        assert trust.refused(status, 2, 100.2, 1, judge=True) == "believe"


def test_a_token_that_has_grown_old_in_the_queue_proves_nothing() -> None:
    trust = trust_with_token()
    trust.granted(3, 3 + DAY)
    assert trust.refused(401, 2, 3 + YOUNG_S + 2, 1, judge=True) == "renew"


def test_but_not_without_end() -> None:
    trust = trust_with_token()
    number, at = 1, 50.0
    while trust.refused(401, number, at, number - 1, judge=True) == "renew":
        trust.granted(at, at + DAY)
        number, at = number + 1, at + 50
    assert number == MOST_REFUSED + 1
    assert trust.refused(403, 1, at, MOST_REFUSED) == "believe"


def test_only_an_answer_to_what_was_signed_afterwards_is_proof() -> None:
    trust = trust_with_token()
    before = trust.sign()
    since = trust.signed  # a refusal comes
    trust.accepted(1, before)  # may have been answered before the token died
    assert not trust.alive(1, since)
    trust.accepted(1, trust.sign())
    assert trust.alive(1, since)
    trust.accepted(1, before)  # a late one takes nothing back
    assert trust.alive(1, since)
    assert not trust.alive(1, trust.signed)


def test_one_token_does_not_speak_for_another() -> None:
    trust = trust_with_token()
    since, signed = trust.signed, trust.sign()
    trust.granted(5, DAY)
    trust.accepted(1, signed)
    assert not trust.alive(1, since), "no longer in use"
    assert not trust.alive(2, since)
    trust.accepted(2, trust.sign())
    trust.granted(9, DAY)
    assert not trust.alive(3, since), "it may be dead on arrival"
