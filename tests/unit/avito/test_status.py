from __future__ import annotations

import itertools
from datetime import timedelta, timezone
from typing import Any

import pytest

from avito_scrapy.avito.answer_model import READ_UNKNOWN
from avito_scrapy.avito.chat_status import heard, talk_facts
from avito_scrapy.avito.models import Content, Message
from avito_scrapy.avito.results import TalkFacts
from avito_scrapy.items import ChatResume
from tests.unit.resumes.fake_avito import OURS, Answers, ResolverRun

MSK = timezone(timedelta(hours=3))
T0 = 1_760_000_000


def talk(script: str) -> list[Message | None]:
    """``>`` ours and read, ``!`` ours and not read, ``<`` theirs, ``n`` theirs and a no, ``s`` a
    bot's, ``b`` marked as a bot's, ``d`` deleted; a minute apart."""
    kinds: dict[str, dict[str, Any]] = {
        ">": {"direction": "out", "read": T0 + 9999, "content": Content(text="Здравствуйте")},
        "!": {"direction": "out", "read": None},
        "<": {"direction": "in", "content": Content(text="Да, конечно")},
        "n": {"direction": "in", "content": Content(text="не интересно")},
        "s": {"direction": "in", "type": "system"},
        "b": {"direction": "out", "content": Content(text="?", flow_id="job")},
        "d": {"direction": "out", "type": "deleted"},
    }
    return [
        Message(**{"created": T0 + 60 * place, "type": "text", **kinds[mark]})
        for place, mark in enumerate(script)
    ]


NOTICES: list[dict[str, Any]] = [
    {"direction": "in", "type": "system", "content": Content(text="Кандидат откликнулся")},
    {"direction": None, "type": "system"},
    {"direction": "in", "author_id": 0, "content": Content(text="Здравствуйте, не интересно")},
    {"direction": "in", "author_id": 1, "content": Content(text="Здравствуйте")},
    {"direction": "in", "content": Content(text="[Системное сообщение] Кандидат создал чат")},
    {"direction": "out", "content": Content(text="Автоответ", flow_id="job")},
]
STATUSES = {
    "": "never_written",
    "<": "never_written",
    "s<b": "never_written",
    "<d": "awaits_us",  # somebody of ours has written, and it is gone
    "d<": "awaits_us",
    "d": "unknown",
    "sd": "unknown",
    "><": "awaits_us",
    "<><": "awaits_us",
    "><s": "awaits_us",
    "><!": "unread",
    "!": "unread",
    ">": "read_no_reply",
    "<>": "read_no_reply",  # they wrote before us only
    ">>b": "read_no_reply",
    "><>": "replied",
    "<><>": "replied",
    ">n": "refused",
    "n": "refused",
    ">n<": "refused",  # in the same breath
    ">n>": "refused",
    ">n!": "refused",
    ">n><": "awaits_us",  # they have come back since
    ">n><>": "replied",
    "n><": "awaits_us",
}


@pytest.mark.parametrize(("script", "status"), STATUSES.items())
def test_status(script: str, status: str) -> None:
    assert talk_facts(talk(script), MSK).status == status


@pytest.mark.parametrize("script", list(STATUSES))
def test_the_order_of_the_answer_does_not_matter(script: str) -> None:
    there, back = talk(script), list(reversed(talk(script)))
    assert talk_facts(there, MSK) == talk_facts(back, MSK)


def test_messages_of_one_second_keep_their_order() -> None:
    newest_first = [one.model_copy(update={"created": T0}) for one in talk("<>") if one]
    assert talk_facts(newest_first, MSK).status == "awaits_us"


@pytest.mark.parametrize(
    ("script", "minute"),
    [("><", 1), (">s<<", 2), ("<<", 0), ("<><<<", 2), ("><>", None), (">n", None), ("", None)],
)
def test_waiting_since_their_first_message_after_ours(script: str, minute: int | None) -> None:
    since = talk_facts(talk(script), MSK).waiting_since
    expected = None if minute is None else f"2025-10-09T11:{53 + minute}:20+03:00"
    assert since == expected


def test_replies_are_counted_from_the_first_message_they_answer() -> None:
    replies = talk_facts(talk("<<s>><>"), MSK).replies
    assert replies == [("2025-10-09T11:56:20+03:00", 180), ("2025-10-09T11:59:20+03:00", 60)]


def notice_at(created: int, notice: dict[str, Any]) -> Message:
    return Message(**{"created": created, "type": "text", **notice})


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize(
    ("script", "status", "direction"),
    [
        ("<", "never_written", "in"),
        (">", "read_no_reply", "out"),
        ("!", "unread", "out"),
        ("><", "awaits_us", "in"),
        ("><>", "replied", "out"),
        (">n", "refused", "in"),
    ],
)
def test_a_notice_changes_nothing(
    notice: dict[str, Any], script: str, status: str, direction: str
) -> None:
    plain = talk_facts(talk(script), MSK)
    for place in (0, 1, len(script)):
        messages = talk(script)
        messages.insert(
            place, Message(**{"created": T0 + 60 * place - 1, "type": "text", **notice})
        )
        assert talk_facts(messages, MSK) == plain
    assert (plain.status, plain.last_message_direction) == (status, direction)


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_alone_is_no_last_message(notice: dict[str, Any]) -> None:
    facts = talk_facts([notice_at(T0, notice)], MSK)
    assert facts == TalkFacts(
        "never_written", replies=[], last_message_at="2025-10-09T11:53:20+03:00"
    )


STUB = "Перейдите на подписку с API мессенджера, чтобы читать сообщения"


@pytest.mark.parametrize("text", [STUB, f"  {STUB.lower()}", f"[Системное сообщение] {STUB}"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_texts_that_avito_does_not_show_are_no_messages(text: str, place: int) -> None:
    messages = talk("><>")
    messages[place] = Message(
        created=T0 + 60 * place, direction="in", type="text", content=Content(text=text)
    )
    facts = talk_facts(messages, MSK)
    assert facts == TalkFacts(
        "unknown", last_message_at="2025-10-09T11:55:20+03:00", texts_hidden=True
    )


@pytest.mark.parametrize("lost", ["created", "direction", "type"])
def test_a_message_that_does_not_tell_leaves_the_status_unknown(lost: str) -> None:
    messages = talk("><")
    assert messages[0]
    messages[0] = messages[0].model_copy(update={lost: None})
    assert talk_facts(messages, MSK).status == "unknown"
    assert talk_facts([None], MSK).status == "unknown"


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("!", "unknown"),
        ("<!", "unknown"),
        ("><!", "unknown"),
        ("!<", "awaits_us"),
        ("n!", "refused"),
    ],
)
def test_whether_it_was_read_is_not_told(script: str, status: str) -> None:
    messages = [
        one.model_copy(update={"read": READ_UNKNOWN}) if one and one.direction == "out" else one
        for one in talk(script)
    ]
    facts = talk_facts(messages, MSK)
    assert facts.status == status
    assert (facts.waiting_since is not None) == (status == "awaits_us")


def test_of_too_many_messages_the_newest_are_not_known_when_they_come_last() -> None:
    assert talk_facts(talk("<><"), MSK, cut=True) == TalkFacts("unknown")
    at_once = [one.model_copy(update={"created": T0}) for one in talk("<><") if one]
    assert talk_facts(at_once, MSK, cut=True) == TalkFacts("unknown")
    assert talk_facts([], MSK, cut=True) == TalkFacts("unknown")


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("<><", "awaits_us"), ("><!", "unread"), ("><>", "replied"), (">n", "refused"),
        # older messages, which were not read, may say otherwise
        ("<<", "unknown"), ("<>", "unknown"), (">>", "unknown"),
    ],
)  # fmt: skip
def test_of_too_many_messages_newest_first(script: str, status: str) -> None:
    facts = talk_facts(list(reversed(talk(script))), MSK, cut=True)
    assert facts.status == status
    assert (facts.waiting_since is not None) == (status == "awaits_us")
    assert facts.last_message_at is not None


@pytest.mark.parametrize(
    "told",
    [
        {"last_message": "да"},
        {"last_message_at": "2026-11-03T14:05:00+03:00"},
        {"last_message_direction": "in"},
    ],
)
def test_no_messages_where_there_is_a_last_one(told: dict[str, Any]) -> None:
    line = ChatResume("u2i-1", chat_status="never_written", **told)
    assert heard(line, talk_facts([], MSK)) == "unknown"
    assert heard(line, talk_facts(talk("<"), MSK)) == "never_written"


def test_no_messages_where_there_is_none() -> None:
    line = ChatResume("u2i-1", chat_status="never_written")
    assert heard(line, talk_facts([], MSK)) == "never_written"


@pytest.mark.parametrize(
    ("said", "status"),
    [(None, "never_written"), ("2026-11-03T14:05:00+03:00", "unknown")],
)
def test_the_line_of_a_chat_without_messages(said: str | None, status: str) -> None:
    answers: Answers = {
        ("chat", "u2i-1"): OURS._replace(last_message_at=said),
        ("messages", "u2i-1"): talk_facts([], MSK),
    }
    started = ResolverRun(answers)
    started.take(1)
    started.finish()
    assert started.lines["u2i-1"].chat_status == status


def test_every_talk_has_a_status() -> None:
    marks = "><!ns"
    for length in range(5):
        for script in itertools.product(marks, repeat=length):
            assert talk_facts(talk("".join(script)), MSK).status != "unknown"
