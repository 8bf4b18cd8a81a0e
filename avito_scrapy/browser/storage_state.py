"""A session brought along in a Playwright storage-state file, for machines without a screen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from playwright.async_api import Page
from pydantic import BaseModel, ConfigDict, ValidationError

from avito_scrapy.errors import UsageError
from avito_scrapy.files import MEGABYTE, UnreadableFile, read_bounded

_LARGEST_STATE = 20 * MEGABYTE
_FILL_STORAGE = """((origins) => {
  for (const [name, value] of Object.entries(origins[location.origin] ?? {})) {
    try { localStorage.getItem(name) ?? localStorage.setItem(name, value); } catch {}
  }
})(%s)"""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Cookie(_Part):
    """A cookie as Playwright writes it; ``expires`` in Unix seconds, -1 for the session's."""

    name: str
    value: str
    domain: str
    path: str = "/"
    expires: float = -1
    httpOnly: bool = False  # noqa: N815 - the file's own spelling
    secure: bool = False
    sameSite: Literal["Strict", "Lax", "None"] = "Lax"  # noqa: N815


class Pair(_Part):
    """An entry of localStorage."""

    name: str
    value: str


class Origin(_Part):
    """What a site keeps in localStorage."""

    origin: str
    localStorage: tuple[Pair, ...] = ()  # noqa: N815


class StorageState(_Part):
    """The file as a whole."""

    cookies: tuple[Cookie, ...]
    origins: tuple[Origin, ...] = ()


def read_storage_state(path: Path) -> StorageState:
    """Read and check the file of AVITO_STORAGE_STATE.

    Raises:
        UsageError: it cannot be read or is not such a file; never shows what is in it.
    """
    try:
        return StorageState.model_validate_json(read_bounded(path, _LARGEST_STATE))
    except UnreadableFile as problem:
        raise UsageError(f"AVITO_STORAGE_STATE: {problem}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UsageError(
            f"AVITO_STORAGE_STATE: {path} is not a Playwright storage state ({where}: "
            f"{first['msg']}); write one with `context.storage_state(path=...)`"
        ) from None


async def load_session(page: Page, state: StorageState | None) -> None:
    """Put the cookies and localStorage of ``state`` into the page's browser context."""
    if state is None:
        return
    cookies = [cookie.model_dump() for cookie in state.cookies]
    await page.context.add_cookies(cookies)  # type: ignore[arg-type]
    if state.origins:
        kept = {o.origin: {pair.name: pair.value for pair in o.localStorage} for o in state.origins}
        await page.add_init_script(_FILL_STORAGE % json.dumps(kept))
