"""Tokens that die before their time, refusals that are meant, and both at once."""

from __future__ import annotations

from avito_scrapy.avito.trust import MOST_RENEWED, YOUNG_S, TokenTrust

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


def test_an_old_token_in_a_refusal_costs_no_new_one() -> None:
    trust = trust_with_token()
    trust.granted(5, DAY)
    assert trust.refused("messages", number=1, sent_at=6, renewed=0) == "repeat"


def test_a_dead_token_is_renewed_and_the_next_death_too() -> None:
    trust = trust_with_token()
    for death in range(1, 20):
        at = death * 3.0
        assert trust.refused("messages", death, at, 0) == "renew"
        trust.granted(at, at + DAY, because="messages")
        trust.accepted("messages")


def test_a_fresh_token_refused_at_once_is_believed() -> None:
    trust = trust_with_token()
    assert trust.refused("contacts", 1, 100, 0) == "renew"
    trust.granted(100, 100 + DAY, because="contacts")
    assert trust.refused("contacts", 2, 100.2, 1) == "believe"
    # and no storm afterwards, though others are answered with that token
    trust.accepted("messages")
    assert trust.refused("contacts", 2, 160, 0) == "believe"


def test_another_method_does_not_suffer_for_it() -> None:
    trust = trust_with_token()
    trust.refused("contacts", 1, 100, 0)
    trust.granted(100, 100 + DAY, because="contacts")
    trust.refused("contacts", 2, 100.2, 1)
    assert trust.refused("messages", 2, 103, 0) == "renew"


def test_a_token_that_has_grown_old_in_the_queue_proves_nothing() -> None:
    trust = trust_with_token()
    trust.refused("messages", 1, 3, 0)
    trust.granted(3, 3 + DAY, because="messages")
    assert trust.refused("messages", 2, 3 + YOUNG_S + 2, 1) == "renew"


def test_but_not_without_end() -> None:
    trust = trust_with_token()
    number, renewed, at = 1, 0, 0.0
    while trust.refused("messages", number, at, renewed) == "renew":
        trust.granted(at, at + DAY, because="messages")
        number, renewed, at = number + 1, renewed + 1, at + 50
    assert renewed == MOST_RENEWED


def test_an_answer_clears_the_suspicion() -> None:
    trust = trust_with_token()
    trust.refused("messages", 1, 3, 0)
    trust.granted(3, 3 + DAY, because="messages")
    trust.accepted("messages")
    assert trust.refused("messages", 2, 3.1, 1) == "renew"
