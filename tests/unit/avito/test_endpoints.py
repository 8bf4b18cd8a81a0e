from __future__ import annotations

import pytest

from avito_scrapy.avito.endpoints import ENDPOINTS, WHOLE_API


def test_names_are_the_slots() -> None:
    assert set(ENDPOINTS) == {
        "token", "self", "items", "chats", "chat", "messages", "application_ids", "applications",
        "resumes", "contacts",
    }  # fmt: skip
    assert all(endpoint.name == name for name, endpoint in ENDPOINTS.items())


@pytest.mark.parametrize(
    ("method", "ids", "path"),
    [
        ("chat", (94235311, "u2i-a~b_c"), "/messenger/v2/accounts/94235311/chats/u2i-a~b_c"),
        ("messages", (1, "u2i-1-2"), "/messenger/v3/accounts/1/chats/u2i-1-2/messages/"),
        ("resumes", ("77",), "/job/v2/resumes/77"),
        ("contacts", (77,), "/job/v1/resumes/77/contacts/"),
    ],
)
def test_paths(method: str, ids: tuple[object, ...], path: str) -> None:
    assert ENDPOINTS[method].path(*ids) == path


@pytest.mark.parametrize(
    ("given", "escaped"),
    [
        ("u2i-../../self", "u2i-..%2F..%2Fself"),
        ("u2i-1?x=1&y#z", "u2i-1%3Fx%3D1%26y%23z"),
        ("u2i-50%25", "u2i-50%2525"),
        ("u2i-{0}", "u2i-%7B0%7D"),
        ("u2i-ю", "u2i-%D1%8E"),
    ],
)
def test_an_id_stays_within_its_place(given: str, escaped: str) -> None:
    assert ENDPOINTS["chat"].path(1, given) == f"/messenger/v2/accounts/1/chats/{escaped}"


def test_queries_are_escaped() -> None:
    path = ENDPOINTS["application_ids"].path(
        query=[("updatedAtFrom", "2026-01-02"), ("cursor", "a&b")]
    )
    assert path == "/job/v1/applications/get_ids?updatedAtFrom=2026-01-02&cursor=a%26b"


def test_an_empty_package_is_no_missing_subscription() -> None:
    assert "contacts" not in WHOLE_API
    assert {"chat", "messages", "application_ids", "applications", "resumes"} <= WHOLE_API
