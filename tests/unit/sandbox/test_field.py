"""What the field sends: each option bites who is careless."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic_core import from_json

from avito_sandbox import Sandbox, Scenario
from avito_sandbox.data.words import STUB
from avito_sandbox.web.shape import channel
from avito_sandbox.world import World
from tests.unit.sandbox.client import SandboxClient


def scenario(**options: Any) -> Scenario:
    return Scenario(chats=120, rate_limit_rps=None, now=1_790_000_000, **options)


def test_hidden_texts() -> None:
    with Sandbox(scenario(message_texts="hidden")) as sandbox:
        api = SandboxClient(sandbox)
        chats = [chat for chat in sandbox.world.chats if chat.messages]
        for chat in chats[:10]:
            told = api.get(f"{api.chats}/{chat.id}").json["last_message"]
            assert (told["content"], told["direction"]) == ({"text": STUB}, "in")
            assert {one["content"]["text"] for one in api.messages(chat.id)} == {STUB}


def test_notices_come_last_in_every_form() -> None:
    last = [chat.last for chat in World(scenario(notices_every=1)).chats]
    assert all(one is not None and not one.human and one.direction == "in" for one in last)
    kinds = {(one.type, one.author_id in (0, 1), one.text[:1]) for one in last if one}
    assert {("system", True, "["), ("text", True, "О"), ("text", False, "[")} <= kinds
    assert any(one and one.text.endswith(" создал чат") for one in last)


@pytest.mark.parametrize("shape", ["array", "object"])
def test_short_pages_of_messages(shape: str) -> None:
    with Sandbox(scenario(messages_page=3, messages_shape=shape)) as sandbox:
        api = SandboxClient(sandbox)
        chat = next(chat for chat in sandbox.world.chats if len(chat.messages) > 6)
        found, offset = [], 0
        while page := api.messages(chat.id, f"?limit=100&offset={offset}"):
            assert len(page) <= 3
            found += page
            offset += len(page)
        assert len({one["id"] for one in found}) == len(chat.messages)


@pytest.mark.parametrize(
    ("unit", "digits"), [("seconds", 10), ("milliseconds", 13), ("ticks", 17), ("nanoseconds", 19)]
)
def test_units(unit: str, digits: int) -> None:
    with Sandbox(scenario(created_unit=unit, read_flag="true")) as sandbox:
        api = SandboxClient(sandbox)
        flags = set()
        for chat in sandbox.world.chats[:40]:
            for one in api.messages(chat.id):
                assert len(str(one["created"])) == digits
                flags.add(one.get("read", "absent"))
        assert flags == {True, "absent"}


def test_odd_values_break_strict_parsers() -> None:
    options = {"half_characters": True, "odd_numbers": True, "deep_values": True}
    with Sandbox(scenario(removed_share=0, **options)) as sandbox:
        api = SandboxClient(sandbox)
        bodies = [api.get(f"/job/v2/resumes/{number}").body for number in sandbox.world.resumes]
        assert any(b"\\ud83d" in body for body in bodies)
        for body in bodies:
            with pytest.raises(ValueError, match="line 1"):
                from_json(body)
        deep = [body for body in bodies if b"[[[[" in body]
        assert deep
        with pytest.raises(RecursionError):
            json.loads(deep[0])
        salaries = {json.loads(body).get("salary") for body in bodies if body not in deep}
        assert 10**30 in salaries


def test_applications_as_captured() -> None:
    bodies = [one.body for one in World(scenario(field_applications=True)).applications]
    data = [body["applicant"]["data"] for body in bodies if body["applicant"].get("data")]
    assert {one["gender"] for one in data} == {"Мужской", "Женский", None}
    assert {"rus", "blr", "kaz", "uzb"} <= {one["citizenship"] for one in data}
    assert any(one["name"].isupper() for one in data)
    assert not any("full_name" in one for one in data)
    assert all(body["applicant"].get("resume_id", "absent") is not None for body in bodies)
    assert {body["type"] for body in bodies if body["contacts"].get("chat")} == {"by_phone"}


def test_words_of_the_field() -> None:
    world = World(Scenario(chats=600, now=1_790_000_000, field_words=True))
    texts = {message.text for chat in world.chats for message in chat.messages}
    assert {"спасибо, нет", "спасибо, нет вопросов"} <= texts


@pytest.mark.parametrize("texts_in", ["string", "chunks"])
def test_places_of_the_last_text(texts_in: str) -> None:
    world = World(scenario())
    chat = next(chat for chat in world.chats if chat.last and len(chat.last.text) > 10)
    last = channel(chat, world.account_id, texts_in)["lastMessage"]
    assert chat.last
    if texts_in == "string":
        assert last["body"] == {"text": chat.last.text}
    else:
        pieces = [one["text"]["text"] for one in last["body"]["composite"]["chunks"]]
        assert "".join(pieces) == chat.last.text
        assert " ".join(pieces) != chat.last.text
        assert last["preview"]["text"] not in chat.last.text
