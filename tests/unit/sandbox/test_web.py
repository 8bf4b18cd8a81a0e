from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.unit.sandbox.client import ask, load

PAGE = "/profile/messenger"


def test_get_channels_pages_by_cursor() -> None:
    with Sandbox(Scenario(chats=100)) as sandbox:
        found: list[dict[str, Any]] = []
        cursor, sizes, more = None, [], True
        while more:
            answer = load(sandbox, cursor).json["success"]
            more = answer["hasMore"]
            sizes.append(len(answer["channels"]))
            found += answer["channels"]
            cursor = min(one["sortingTimestamp"] for one in answer["channels"])
        assert sizes == [30, 30, 30, 10]
        truth = sandbox.truth()
        assert [one["id"] for one in found] == [one["chat_id"] for one in truth]
        assert min(one["createdAt"] for one in found) > 10**18  # nanoseconds
        for one, true in zip(found, truth, strict=True):
            item = one["context"].get("item")
            assert (item and item["value"]["item"]["title"]) == true["item_title"]
            assert ("system" in one["context"]) == (true["chat_type"] == "a2u")
            assert one["isRead"] != true["is_unread"]
            assert one["info"]["name"] == true["user_name"]


def test_text_stands_in_three_places() -> None:
    with Sandbox(Scenario(chats=90)) as sandbox:
        places = set()
        for one in load(sandbox).json["success"]["channels"]:
            last = one.get("lastMessage") or {}
            body = last.get("body") or {}
            place = "preview" if "preview" in last else next(iter(body), "nothing")
            places.add(place)
        assert {"preview", "text", "composite"} <= places


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"limit": 30, "offsetTimestamp": null, "category": 1}']
)
def test_get_channels_wants_the_body_of_the_page(body: bytes) -> None:
    with Sandbox(Scenario(chats=5)) as sandbox:
        url = f"{sandbox.web_url}/web/1/messenger/getChannels"
        assert ask(url, "POST", body).status == 400


def test_has_more_lies() -> None:
    with Sandbox(Scenario(chats=3, has_more_lies="once")) as sandbox:
        first = load(sandbox).json["success"]
        assert (len(first["channels"]), first["hasMore"]) == (3, True)
        second = load(sandbox, first["channels"][-1]["sortingTimestamp"]).json["success"]
        assert second == {"channels": [], "hasMore": False}


def test_a_rounded_cursor_loses_and_repeats_nothing() -> None:
    with Sandbox(Scenario(chats=60)) as sandbox:
        exact = load(sandbox).json["success"]["channels"][-1]["sortingTimestamp"]
        pages = [
            [one["id"] for one in load(sandbox, cursor).json["success"]["channels"]]
            for cursor in (exact, exact - 128, exact + 128)
        ]
        assert pages[0] == pages[1] == pages[2]
        assert pages[0] == [one["chat_id"] for one in sandbox.truth()[30:]]


@pytest.mark.parametrize("verb", ["GET", "HEAD", "POST", "OPTIONS"])
def test_any_request_for_a_chats_page_opens_it(verb: str) -> None:
    with Sandbox(Scenario(chats=30)) as sandbox:
        unread = next(chat for chat in sandbox.world.chats if not chat.is_read)
        ask(f"{sandbox.web_url}{PAGE}/channel/{unread.id}", verb)
        counters = sandbox.counters()
        assert counters["chats_opened_ids"] == counters["chats_marked_read_ids"] == [unread.id]
        assert counters["requests"] == {"channel_page": 1}
        assert unread.is_read


def test_a_session_cookie() -> None:
    with Sandbox(Scenario(chats=5, session="cookie")) as sandbox:
        url = sandbox.web_url + PAGE
        away = ask(url)
        assert away.status == 302
        assert urljoin(url, away.headers["Location"]).startswith(f"{sandbox.web_url}/#login")
        known = {"Cookie": "sessid=sandbox-session"}
        assert ask(url, headers=known).status == 200
        assert load(sandbox).status == 401
        assert load(sandbox, Cookie="sessid=sandbox-session").status == 200
        signed_in = ask(f"{sandbox.web_url}/web/1/login", "POST", b"")
        cookie = signed_in.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "Max-Age=2592000" in cookie
        assert ask(url, headers={"Cookie": cookie.partition(";")[0]}).status == 200
        sandbox.control("sign_out")
        assert ask(url, headers=known).status == 302


def test_nobody_signs_in() -> None:
    with Sandbox(Scenario(chats=5, session="signed_out", redirect="client")) as sandbox:
        page = ask(sandbox.web_url + PAGE)
        assert (page.status, b"/#login" in page.body) == (200, True)
        assert "Set-Cookie" not in ask(f"{sandbox.web_url}/web/1/login", "POST", b"").headers


def test_signed_out_and_refused_after_some_loads() -> None:
    with Sandbox(Scenario(chats=200, sign_out_after=2)) as sandbox:
        assert [load(sandbox).status for _ in range(4)] == [200, 200, 401, 401]
    with Sandbox(Scenario(chats=200, refuse="ip_title", refuse_after=2)) as sandbox:
        assert [load(sandbox).status for _ in range(3)] == [200, 200, 403]
        page = ask(sandbox.web_url + PAGE)
        assert page.status == 200
        assert "Доступ ограничен: проблема с IP" in page.body.decode()


def test_every_third_load_fails_once() -> None:
    with Sandbox(Scenario(chats=200, fail_every=3)) as sandbox:
        assert [load(sandbox).status for _ in range(6)] == [200, 200, 500, 200, 200, 500]


@pytest.mark.parametrize(
    ("markup", "told", "shown"),
    [
        ("tab", None, "1\u00a0002"),
        ("heading", 2655, "2\u00a0655"),
        ("inline", 0, "(0)"),
        ("late", 7, "7"),
        ("none", 7, "7"),
    ],
)
def test_favourites(markup: Any, told: int | None, shown: str) -> None:
    chats = 1002 if told is None else 5
    scenario = Scenario(chats=chats, favorites_markup=markup, favorites_count=told)
    with Sandbox(scenario) as sandbox:
        text = ask(f"{sandbox.web_url}/favorites?categoryId=112").body.decode()
        assert "Резюме" in text
        assert (shown in text.replace("112", "").replace("2007", "")) == (markup != "none")
        assert sandbox.counters()["requests"] == {"favorites": 1}
