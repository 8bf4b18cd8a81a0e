from __future__ import annotations

import base64
import re
import time
from collections import Counter
from itertools import pairwise

import phonenumbers
import pytest

from avito_sandbox import Scenario
from avito_sandbox.data.hostile import HOSTILE, LONG
from avito_sandbox.data.quota import quota
from avito_sandbox.model import Chat
from avito_sandbox.truth import chat_status, entry
from avito_sandbox.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return World(Scenario(now=1_790_000_000))


def test_proportions_of_a_real_account(world: World) -> None:
    kinds = Counter(chat.kind for chat in world.chats)
    without_resume = [c for c in world.chats if c.kind == "application" and c.resume is None]
    assert len(world.chats) == 2655
    assert kinds["application"] == pytest.approx(0.62 * 2655, abs=2)
    assert kinds["purchased"] + kinds["by_contacts"] == pytest.approx(0.24 * 2655, abs=2)
    assert len(without_resume) == pytest.approx(kinds["application"] / 5, abs=2)
    assert kinds["unpurchased"] >= 8
    assert all(kinds[kind] >= 10 for kind in ("by_contacts", "own_vacancy", "avito"))
    assert all(kinds[kind] >= 50 for kind in ("private_user", "private_item"))


@pytest.mark.parametrize("chats", [0, 1, 2, 3, 7, 30, 480])
def test_small_accounts_add_up(chats: int) -> None:
    plan = quota(chats, 0.006)
    assert sum(plan.values()) == chats
    assert min(plan.values()) >= 0
    assert len(World(Scenario(chats=chats)).chats) == chats


def test_same_seed_same_account() -> None:
    first, second, other = (
        [entry(chat) for chat in World(Scenario(seed=seed, chats=200, now=1_790_000_000)).chats]
        for seed in (5, 5, 6)
    )
    assert first == second
    assert first != other


def test_every_status_is_there_and_ids_are_unique(world: World) -> None:
    truths = [entry(chat) for chat in world.chats]
    statuses = Counter(one["chat_status"] for one in truths if one["outcome"] == "found")
    expected = {"awaits_us", "read_no_reply", "unread", "replied", "refused", "never_written"}
    assert set(statuses) == expected
    assert min(statuses.values()) >= 50
    assert len({one["chat_id"] for one in truths}) == len(truths)
    times = [chat.sort_ns for chat in world.chats]
    assert times == sorted(times, reverse=True)
    assert min(a - b for a, b in pairwise(times)) > 2_000  # ns


def test_traps_are_laid(world: World) -> None:
    truths = [entry(chat) for chat in world.chats]
    by_resume = Counter(one["resume_id"] for one in truths if one["resume_id"])
    assert sum(count > 1 for count in by_resume.values()) >= 20  # a resume behind two chats
    people = {resume.person.phone: set[str]() for resume in world.resumes.values()}
    resumes_of: Counter[int] = Counter()
    for resume in world.resumes.values():
        people[resume.person.phone].add(resume.person.full_name)
        resumes_of[resume.person.user_id] += 1
    assert sum(len(names) > 1 for names in people.values()) >= 5  # a phone, two names
    assert sum(count > 1 for count in resumes_of.values()) >= 5  # a person, two resumes
    assert sum(one["outcome"] == "resume_removed" for one in truths) >= 40
    applied_twice = Counter(one.chat_id for one in world.applications if one.chat_id)
    assert sum(count > 1 for count in applied_twice.values()) >= 5
    assert any(one.chat_id is None for one in world.applications)
    assert sum(len(chat.messages) > 100 for chat in world.chats) >= 10
    assert any(not chat.messages for chat in world.chats)


def test_the_application_wins_over_context_and_contacts(world: World) -> None:
    misleading = [
        chat
        for chat in world.chats
        if chat.kind == "application" and chat.item and chat.item.owner_id != world.account_id
    ]
    assert len(misleading) >= 5
    for chat in misleading:
        assert chat.item is not None
        other = world.resumes[chat.item.id]
        named = [one["value"] for one in other.contacts.body["contacts"]]
        assert chat.id in named
        assert other.purchased
        assert entry(chat)["resume_id"] != str(other.id)


def test_chats_named_by_contacts_only_are_reachable(world: World) -> None:
    for chat in (one for one in world.chats if one.kind == "by_contacts"):
        resume = chat.resume
        assert resume is not None
        assert resume.purchased
        assert not resume.removed
        named = [one["value"] for one in resume.contacts.body["contacts"]]
        assert chat.id in named
        shown = [c for c in world.chats if c.kind == "purchased" and c.resume is resume]
        assert shown
        assert chat.item is None or chat.item.owner_id == world.account_id


def test_ids_have_all_forms_and_false_trails(world: World) -> None:
    opaque = [c.id for c in world.chats if re.fullmatch(r"u2[iu]-[\w~]{22}", c.id, re.ASCII)]
    numeric = [c.id for c in world.chats if re.fullmatch(r"u2[iu]-\d+-\d+", c.id)]
    assert len(opaque) > 1500
    assert len(numeric) > 500
    assert any("~" in one for one in opaque)
    users = {chat.user_id for chat in world.chats}
    trails = 0
    for one in opaque:
        raw = base64.urlsafe_b64decode(one[4:].replace("~", "-") + "==")
        assert len(raw) == 16
        trails += any(int(found) in users for found in re.findall(rb"\d{9}", raw))
    assert trails > 50


def test_phones_are_valid_and_hostile_text_is_about(world: World) -> None:
    for one in list(world.resumes.values())[:200]:
        assert phonenumbers.is_valid_number(phonenumbers.parse(one.person.phone))
    truths = [entry(chat) for chat in world.chats]
    names = {one["user_name"] for one in truths}
    titles = {one["item_title"] for one in truths}
    texts = {message.text for chat in world.chats for message in chat.messages}
    for told in (names, titles, texts):
        assert told & set(HOSTILE)
    assert "" in names
    assert LONG in texts
    assert len(LONG) == 40_000


def test_old_applications(world: World) -> None:
    horizon = world.now() - 365 * 86_400
    assert not any(one.updated < horizon for one in world.applications)
    old = World(Scenario(chats=300, old_applications_share=0.5)).applications
    assert any(one.updated < time.time() - 365 * 86_400 for one in old)


def _said(world: World, *lines: tuple[str, str, str | None]) -> Chat:
    """A chat of lines `direction`, `type` or text, `read`."""
    chat = Chat("u2i-1-2", "own_vacancy", 2, "", 0)
    world.chats.append(chat)
    for direction, text, read in lines:
        message = world.add_message(chat, "out" if direction == "out" else "in", text)
        message.read = 1 if read else None
        if text in ("system", "deleted", "image"):
            message.type, message.content = text, {}
    world.chats.remove(chat)
    return chat


OURS, SEEN = ("out", "Приходите", None), ("out", "Приходите", "read")
THEIRS, NO = ("in", "Когда?", "read"), ("in", "не интересно", "read")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], "never_written"),
        ([THEIRS, THEIRS], "never_written"),
        ([THEIRS, ("out", "system", None)], "never_written"),
        ([THEIRS, ("out", "deleted", None)], "never_written"),
        ([NO], "refused"),
        ([OURS], "unread"),
        ([SEEN], "read_no_reply"),
        ([THEIRS, SEEN], "read_no_reply"),
        ([THEIRS, SEEN, ("in", "system", None)], "read_no_reply"),
        ([SEEN, THEIRS], "awaits_us"),
        ([SEEN, ("in", "image", None)], "awaits_us"),
        ([SEEN, THEIRS, ("out", "deleted", None)], "awaits_us"),
        ([SEEN, THEIRS, SEEN], "replied"),
        ([SEEN, THEIRS, OURS], "unread"),
        ([SEEN, NO], "refused"),
        ([SEEN, NO, OURS], "refused"),
        ([SEEN, NO, THEIRS], "awaits_us"),
        ([SEEN, ("in", "а это не интересно ли вам?", None)], "awaits_us"),
    ],
)
def test_chat_status(world: World, lines: list[tuple[str, str, str | None]], status: str) -> None:
    assert chat_status(_said(world, *lines)) == status
