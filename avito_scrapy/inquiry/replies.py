"""Reads the answer to a question of the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from avito_scrapy.avito.case import Ask, Rules
from avito_scrapy.avito.parsing import Drifts, read_chat, read_contacts, read_resume
from avito_scrapy.avito.results import Reply


def read_reply(ask: Ask, data: Any, rules: Rules) -> tuple[Reply, Drifts]:
    """The answer to ``ask`` (any but messages) and the names of its drifted fields."""
    if ask.method == "chat":
        return read_chat(ask.key, data, rules.account_id, rules.tz)
    if ask.method == "resumes":
        return read_resume(ask.key, data, rules.web_url, datetime.now(rules.tz).date())
    return read_contacts(data)
