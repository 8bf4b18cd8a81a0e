"""Looks through what a run has logged for people and secrets, whoever they are."""

from __future__ import annotations

import re
from collections import Counter

from avito_sandbox.data import words

# Made-up surnames end in many ways (-а, -у): what they begin with is enough.
_NAMES = "|".join(re.escape(name[:-1]) for name in words.SURNAMES)
_SIGNS = {
    "a phone": re.compile(r"(?<![\w~-])(?<!\d\.)(?:\+7|7|8)9\d{9}(?![\w~-])"),
    "an e-mail": re.compile(r"[\w.]+@example\.com"),
    "a name": re.compile(rf"\b(?:{_NAMES})"),
    "a token": re.compile(r"Bearer [\w.~+/-]{8,}"),
    "a secret": re.compile(r"sandbox-secret|client_secret="),
}

looked_through: Counter[str] = Counter()
"""Logs and lines that ``assert_private`` has seen in this process."""


def assert_private(log: str) -> str:
    """The log, if nothing of a person and no secret is in it; does not repeat what it finds."""
    found = {
        f"{sign} in line {number}"
        for number, line in enumerate(log.split("\n"), 1)
        for sign, pattern in _SIGNS.items()
        if pattern.search(line)
    }
    assert not found, sorted(found)[:10]
    looked_through.update(logs=1, lines=log.count("\n"))
    return log
