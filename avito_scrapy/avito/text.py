"""Cleans strings from outside, so that files and databases can hold them; reads phrases."""

from __future__ import annotations

from importlib import resources
from typing import Any


def whole_text(text: str) -> str:
    """Join the halves of a surrogate pair; put U+FFFD for a half that stands alone, and for NUL.

    JSON and pages may hold half of a character (a cut emoji, ``\\ud83d``); UTF-8 cannot.
    PostgreSQL holds no NUL.
    """
    text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read_phrases(name: str) -> dict[str, list[str]]:
    """Read a file of phrases of this folder: one a line, in ``[sections]``, with ``#`` comments."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    text = (resources.files("avito_scrapy.avito") / name).read_text(encoding="utf-8")
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append(line)
    return sections


def whole_values(data: Any) -> Any:
    """Parsed JSON with ``whole_text`` applied to every string in it, keys included.

    Changes ``data`` in place where it can; works at any depth of nesting.
    """
    if isinstance(data, str):
        return whole_text(data)
    pending = [data]
    while pending:
        holder = pending.pop()
        if isinstance(holder, list):
            holder[:] = [whole_text(value) if isinstance(value, str) else value for value in holder]
            pending.extend(value for value in holder if isinstance(value, (list, dict)))
        elif isinstance(holder, dict):
            mended = {
                whole_text(key) if isinstance(key, str) else key: (
                    whole_text(value) if isinstance(value, str) else value
                )
                for key, value in holder.items()
            }
            holder.clear()
            holder.update(mended)
            pending.extend(value for value in holder.values() if isinstance(value, (list, dict)))
    return data
