"""Addresses of stores."""

from __future__ import annotations

import pytest

from avito_scrapy.store import StoreProblem
from avito_scrapy.store.database import parse_url, where


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("sqlite:///a/b.db", "sqlite+pysqlite"),
        ("sqlite+pysqlite:////a/b.db", "sqlite+pysqlite"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg"),
    ],
)
def test_drivers(text: str, driver: str) -> None:
    assert parse_url(text).drivername == driver


@pytest.mark.parametrize(
    "text",
    [
        "",
        "store.db",
        "mysql://me:pass-word@host/base",
        "nosuch://me:pass-word@host/base",
        "postgresql+psycopg2://me:pass-word@host/base",
        "postgresql://me:pass-word@host:port/base",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_what_is_no_store(text: str) -> None:
    with pytest.raises(StoreProblem) as caught:
        parse_url(text)
    said = str(caught.value)
    assert said.startswith("AVITO_STORE_URL: ")
    assert "sqlite:///PATH or postgresql://" in said
    assert "\n" not in said
    assert "pass-word" not in said
    assert "me:" not in said


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sqlite:////data/store.db", "/data/store.db"),
        ("postgresql://me:pass@db.lan:5433/hr", "PostgreSQL at db.lan:5433, database hr"),
        ("postgresql://me:pass@/hr?host=/run/pg", "PostgreSQL at /run/pg, database hr"),
        ("postgresql:///hr", "PostgreSQL at the local socket, database hr"),
    ],
)
def test_where(text: str, place: str) -> None:
    assert where(parse_url(text)) == place
