from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avito_scrapy.avito.forbidden_requests import is_list_call, must_not_be_sent
from avito_scrapy.avito.web_messenger import (
    ListRequest,
    read_answer,
    read_request,
)

SITE = "https://www.avito.ru"
CHAT = "u2i-AbCdEfGhIjKlMnOpQrSt~w"
MOMENT = datetime(2025, 11, 3, 11, 5, 6, 789000, tzinfo=timezone.utc)
NANOSECONDS = 1_762_167_906_789_000_000


def channel(**more: Any) -> dict[str, Any]:
    return {
        "id": CHAT,
        "isRead": False,
        "sortingTimestamp": NANOSECONDS,
        "createdAt": NANOSECONDS,
        "info": {"name": " Проба "},
        "context": {"item": {"value": {"item": {"id": 4011, "title": "Курьер"}}}},
        "lastMessage": {
            "createdAt": NANOSECONDS,
            "authorId": 77,
            "body": {"text": {"text": "Здравствуйте"}},
        },
        "users": [{"id": 77}],
        **more,
    }


def read_one(entry: dict[str, Any]) -> Any:
    page = read_answer({"success": {"channels": [entry], "hasMore": True}})
    assert page is not None
    assert page.has_more is True
    (found,) = page.channels
    return found


def test_everything_there() -> None:
    found = read_one(channel())
    assert found.chat_id == CHAT
    assert (found.name, found.item_id, found.item_title) == ("Проба", 4011, "Курьер")
    assert (found.text, found.author_id, found.is_read) == ("Здравствуйте", "77", False)
    assert found.at == MOMENT
    assert found.sorting == pytest.approx(NANOSECONDS / 1e9)


@pytest.mark.parametrize("unit", [1, 10**3, 10**6, 10**9])
@pytest.mark.parametrize("kind", [int, str])
def test_moments_in_any_unit(unit: int, kind: type) -> None:
    found = read_one(channel(lastMessage={"createdAt": kind(1_762_167_906 * unit)}))
    assert found.at == MOMENT.replace(microsecond=0)


def pieces(*chunks: Any) -> dict[str, Any]:
    return {"composite": {"chunks": list(chunks)}}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"preview": {"text": "Коротко"}, "body": {"text": {"text": "Целиком"}}}, "Целиком"),
        ({"body": {"text": "Одной строкой"}}, "Одной строкой"),
        ({"body": pieces({"text": {"text": "мо"}}, {"image": {}}, {"text": {"text": "гу выйти"}})},
         "могу выйти"),
        ({"body": pieces({"text": {"text": "Раз "}}, {"text": "два"}, " три")}, "Раз два три"),
        ({"body": pieces({"text": {"text": "Ответ: "}}, {"link": {"text": "авито", "url": "x"}})},
         "Ответ: авито"),
        ({"body": pieces({"text": {"text": "\ud83d"}}, {"text": {"text": "\ude00"}})}, "😀"),
        ({"preview": {"text": "Сообщение помощника"},
          "body": {"text": {"text": "Обновите приложение"},
                   **pieces({"text": {"text": "Есть опыт?"}})}}, "Есть опыт?"),
        ({"preview": "Строкой", "body": pieces({"image": {}})}, "Строкой"),
        ({"body": {"image": {}}}, None),
        ({"preview": {"text": " "}}, None),
        ({"body": "?", "preview": None}, None),
        (None, None),
    ],
)  # fmt: skip
def test_text_wherever_it_is(message: Any, text: str | None) -> None:
    assert read_one(channel(lastMessage=message)).text == text


@pytest.mark.parametrize(
    "more",
    [
        {"type": "system"},
        {"authorId": 0},
        {"authorId": "1"},
        {"preview": {"text": "[Системное сообщение] Кандидат создал чат"}, "body": None},
        {"preview": {"text": "Иван создал чат"}, "body": None},
        {"body": {"text": "Юлия пока ничего не написала"}},
        {"body": pieces({"text": {"text": "Иван посмот"}}, {"text": {"text": "рел номер"}})},
        {"body": {"text": {"text": "поделился контактом"}}},
        {"body": {"text": "Перейдите на подписку с API мессенджера"}},
    ],
)
def test_a_notice_is_nobodys_words(more: dict[str, Any]) -> None:
    found = read_one(channel(lastMessage={**channel()["lastMessage"], **more}))
    assert (found.text, found.author_id, found.is_notice) == (None, None, True)
    assert found.at == MOMENT


@pytest.mark.parametrize(
    ("flags", "is_read"),
    [
        ({"isRead": True}, True),
        ({"is_read": False}, False),
        ({"read": True}, True),
        ({"isRead": None, "is_read": True}, True),
        ({"read": 1762167906}, None),
        ({}, None),
    ],
)
def test_whether_a_chat_is_read(flags: dict[str, Any], is_read: bool | None) -> None:
    entry = channel(**flags)
    if "isRead" not in flags:
        del entry["isRead"]
    assert read_one(entry).is_read is is_read


@pytest.mark.parametrize("number", [2**63, 10**30, "9" * 5000])
def test_numbers_that_no_database_holds(number: Any) -> None:
    found = read_one(
        channel(
            context={"item": {"value": {"item": {"id": number, "title": "Курьер"}}}},
            lastMessage={"authorId": number, "createdAt": number},
            sortingTimestamp=number,
        )
    )
    assert (found.item_id, found.item_title, found.at, found.sorting) == (
        None,
        "Курьер",
        None,
        None,
    )


def test_avitos_own_chat() -> None:
    found = read_one(channel(id="a2u-1-2", context={"system": {}}, info={"name": "Avito"}))
    assert (found.item_id, found.item_title, found.name) == (None, None, "Avito")


@pytest.mark.parametrize(
    "answer", [None, [], "?", {}, {"error": {}}, {"success": []}, {"success": {"channels": {}}}]
)
def test_other_answers(answer: object) -> None:
    assert read_answer(answer) is None


def test_chats_without_an_id_are_passed_over() -> None:
    page = read_answer({"success": {"channels": [{}, {"id": 5}, {"id": ""}, 7], "hasMore": "no"}})
    assert page is not None
    assert (page.channels, page.has_more) == ((), None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(channel())), JSON))
def test_survives_anything(more: dict[str, Any]) -> None:
    page = read_answer({"success": {"channels": [channel(**more)], "hasMore": False}})
    assert page is not None
    assert page.has_more is False


@pytest.mark.parametrize("place", ["success", "result", "data", None])
def test_channels_beside_a_mere_yes(place: str | None) -> None:
    known = {"channels": [channel()], "hasMore": False}
    page = read_answer({"success": True, **({place: known} if place else known)})
    assert page is not None
    assert ([one.chat_id for one in page.channels], page.has_more) == ([CHAT], False)


@pytest.mark.parametrize(
    ("cut", "whole"),
    [("ок \ud83d", "ок \ufffd"), ("\ude00!", "\ufffd!"), ("\ud83d\ude00", "\U0001f600")],
)
def test_half_an_emoji(cut: str, whole: str) -> None:
    found = read_one(
        channel(id=f"u2i-{cut}", info={"name": cut}, lastMessage={"authorId": cut,
                "preview": {"text": cut}}, context={"item": {"value": {"item": {"title": cut}}}})
    )  # fmt: skip
    assert found.chat_id == f"u2i-{whole}"
    assert {found.name, found.text, found.author_id, found.item_title} == {whole}


BODY: dict[str, Any] = {"limit": 30, "filters": {"excludeTags": [2, 3], "anyTags": []}}


def asked(**more: Any) -> ListRequest:
    return read_request(json.dumps({**BODY, "category": 1, **more}))


def test_requests() -> None:
    top = asked(offsetTimestamp=None)
    assert (top.offset, top.whole, top.odd) == (None, True, 0)
    below = asked(offsetTimestamp=NANOSECONDS)
    assert below.offset == pytest.approx(NANOSECONDS / 1e9)
    for strange in (None, "", "[]", "offset=3"):
        assert read_request(strange) == ListRequest(None, whole=True)


@pytest.mark.parametrize(
    "more",
    [
        {"limit": 100, "offsetTimestamp": NANOSECONDS},
        {"cursor": "abc", "pageNumber": 2, "unreadOnly": False},
        {"filters": {"excludeTags": [2, 3], "unreadOnly": False, "itemIds": []}},
    ],
)
def test_parts_of_the_same_list(more: dict[str, Any]) -> None:
    assert (asked(**more).key, asked(**more).whole, asked(**more).odd) == (asked().key, True, 0)


@pytest.mark.parametrize(
    ("more", "whole", "odd"),
    [
        ({"filters": {"anyTags": [3]}}, False, 1),
        ({"filters": {"excludeTags": [2, 3], "unreadOnly": True}}, False, 1),
        ({"unread": True}, False, 0),
        ({"filters": {"excludeTags": []}}, True, 0),
        ({"filters": None, "category": 2}, True, 1),
        ({"filters": {"itemIds": [5], "flagged": True}, "category": 2}, True, 3),
    ],
)
def test_other_lists(more: dict[str, Any], whole: bool, odd: int) -> None:
    other = asked(**more)
    assert other.key != asked().key
    assert (other.whole, other.odd) == (whole, odd)


def test_list_calls() -> None:
    assert is_list_call(f"{SITE}/web/1/messenger/getChannels")
    assert is_list_call(f"{SITE}/web/2/messenger.getChannels/?v=3")
    assert not is_list_call(f"{SITE}/web/1/messenger/getChannelById")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/profile/messenger/channel/{CHAT}", None),
        ("GET", "/profile/messenger/channel/x?a=b#c", None),
        ("GET", "/profile/messenger/%63hannel/x", None),
        ("POST", "/web/1/messenger/readChannels", "{}"),
        ("POST", "/web/1/messenger/markAsRead", None),
        ("POST", "/messenger/v1/accounts/1/chats/2/read", None),
        ("POST", "/web/1/messenger/openChannel", '{"channelId": 5}'),
        ("POST", "/web/1/messenger/getMessages", f'{{"channelId": "{CHAT}"}}'),
        ("POST", "/web/1/messenger/getMessages", None),
        ("POST", "/web/2/messenger.getUser", "{}"),
        ("GET", f"/web/1/messenger/history?chat={CHAT}", None),
        ("GET", "/web/1/messenger/u2i%2D12-34", None),
        ("POST", "/web/1/chats/read", f'{{"channelId": "{CHAT}"}}'),
    ],
)
def test_what_must_not_be_sent(method: str, path: str, body: str | None) -> None:
    assert must_not_be_sent(method, SITE + path, body)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/profile/messenger", None),
        ("GET", "/profile/messenger/channels", None),
        ("POST", "/web/1/messenger/getChannels", f'{{"ids": ["{CHAT}"]}}'),
        ("POST", "/web/1/messenger/getUnreadCount", "{}"),
        ("POST", "/web/3/messenger.getSettings", None),
        ("GET", "/web/1/messenger/readiness", None),
        ("POST", "/web/1/stat", None),
        ("OPTIONS", "/web/1/messenger/readChannels", None),
        ("GET", "/items/u2i-12-34", None),
        ("POST", "/web/1/stat", f'{{"chat": "{CHAT}"}}'),
        ("POST", "/web/1/notifications/read", "{}"),
    ],
)
def test_what_may(method: str, path: str, body: str | None) -> None:
    assert not must_not_be_sent(method, SITE + path, body)
