"""Links that lead to Avito and nowhere else."""

from __future__ import annotations

import re
from urllib.parse import quote

from avito_scrapy.items import ChatResume

_AVITOS = re.compile(r"https://(?:[\w-]+\.)*avito\.ru/[^\s\\\x00-\x1f]*", re.ASCII)


def chat_link(record: ChatResume, web_url: str) -> str:
    """The chat's page. To open it marks the chat as read, for good."""
    return f"{web_url}/profile/messenger/channel/{quote(record.chat_id, safe='~-._')}"


def resume_link(record: ChatResume, web_url: str) -> str | None:
    """The resume's page; None when it is not known, or is not Avito's."""
    url = record.resume_url or ""
    own = url.startswith(f"{web_url}/") and not re.search(r"[\s\\\x00-\x1f]", url)
    return url if own or _AVITOS.fullmatch(url) else None
