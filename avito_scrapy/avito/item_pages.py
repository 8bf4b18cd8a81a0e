"""Tells from the address of an item whether it is a resume."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# /<city>/<category>/<slug>_<number>
_ITEM_PAGE = re.compile(r"(/[^/]+){2,}/[^/]*_[0-9]+/?")


def is_resume_page(url: str | None) -> bool:
    """Whether an item's address is that of a resume: /<city>/rezume/<slug>_<number>.

    The word must be a part of the path by itself: vacancies and things may have it in their slug.
    """
    parts = _path(url).split("/")
    return "rezume" in parts[:-1] or "resume" in parts[:-1]


def is_other_page(url: str | None) -> bool:
    """Whether an item's address names a category, and not that of resumes."""
    return _ITEM_PAGE.fullmatch(_path(url)) is not None and not is_resume_page(url)


def _path(url: str | None) -> str:
    try:
        return urlsplit(url or "").path
    except ValueError:
        return ""
