"""A session brought along in a Playwright storage-state file, for machines without a screen."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Literal

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from avito_scrapy.errors import UsageError, describe
from avito_scrapy.files import MEGABYTE, UnreadableFile, read_bounded, write_private

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

    name: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f;=]+$")]
    value: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f;]*$")]
    domain: Annotated[str, Field(min_length=1)]
    path: Annotated[str, Field(pattern=r"^/")] = "/"
    expires: Annotated[float, Field(ge=-1, le=253_402_300_799)] = -1  # the year 9999
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
            f"{first['msg']}); write one with `scrapy login --save FILE`"
        ) from None


def check_save(path: Path) -> None:
    """Check that a storage-state file can be written to ``path``.

    Raises:
        UsageError: ``path`` is something else than a file, or its folder cannot be written.
    """
    if path.exists() and not path.is_file():
        raise UsageError(f"--save: {path} is not a regular file")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageError(f"--save: {path.parent} is no folder to write to")


async def save_session(context: BrowserContext, path: Path) -> None:
    """Write cookies and localStorage to ``path``, for the owner only.

    Raises:
        UsageError: it cannot be written.
    """
    state = await context.storage_state()
    try:
        write_private(path, json.dumps(state))
    except OSError as error:
        raise UsageError(f"--save: {path} cannot be written ({describe(error)})") from None


async def load_session(page: Page, state: StorageState | None) -> None:
    """Put the cookies and localStorage of ``state`` into the page's browser context.

    Raises:
        UsageError: the browser refuses a cookie.
    """
    if state is None:
        return
    for number, cookie in enumerate(state.cookies):
        try:
            await page.context.add_cookies([cookie.model_dump()])  # type: ignore[list-item]
        except PlaywrightError:
            raise UsageError(
                f"AVITO_STORAGE_STATE: the browser refuses cookies.{number}; write the file anew "
                "with `scrapy login --save FILE`"
            ) from None
    if state.origins:
        kept = {o.origin: {pair.name: pair.value for pair in o.localStorage} for o in state.origins}
        await page.add_init_script(_FILL_STORAGE % json.dumps(kept))
