"""What the database says, as a person reads it."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from avito_scrapy.store.database import StoreProblem, translated


def said(original: Exception) -> str:
    with pytest.raises(StoreProblem) as caught, translated("/data/store.db"):
        raise OperationalError("INSERT ...", {"phone": "+79000000001"}, original)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("database or disk is full", "the disk is full"),
        ("file is not a database", "is not a database"),
        ("database disk image is malformed", "is damaged"),
        ("database is locked", "is held by another program"),
        ('could not extend file "base/1": No space left on device', "the disk is full"),
        ('FATAL:  password authentication failed for user "x"', "refuses the user"),
        ("connection refused\n\tIs the server running?", "nobody listens there"),
    ],
)
def test_meanings(text: str, meaning: str) -> None:
    line = said(RuntimeError(text))
    assert line.startswith("store: /data/store.db ")
    assert meaning in line
    assert "\n" not in line


def test_the_unknown_is_named_by_its_kind_alone() -> None:
    assert said(KeyError("+79000000001")) == "store: /data/store.db failed (KeyError)"


def test_errors_of_sqlalchemy_itself() -> None:
    with pytest.raises(StoreProblem, match=r"failed \(SQLAlchemyError\)"), translated("here"):
        raise SQLAlchemyError("+79000000001")


def test_other_errors_pass() -> None:
    with pytest.raises(LookupError), translated("here"):
        raise LookupError
