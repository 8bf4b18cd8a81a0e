"""The session: a person signs in by hand, or brings a Playwright storage-state file along."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from avito_scrapy.avito.web_messenger import MESSENGER_PATH
from avito_scrapy.browser.guard import close_guarded
from avito_scrapy.browser.launch import guarded_page
from avito_scrapy.browser.messenger_page import MessengerPage
from avito_scrapy.browser.stopping import AccessBlocked, LoginRequired, PageClosed, Waiter
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


class _Cookie(_Part):
    name: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f;=]+$")]
    value: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f;]*$")]
    domain: Annotated[str, Field(min_length=1)]
    path: Annotated[str, Field(pattern=r"^/")] = "/"
    expires: Annotated[float, Field(ge=-1, le=253_402_300_799)] = -1
    """Unix seconds, to the year 9999; -1: as long as the browser runs."""
    httpOnly: bool = False  # noqa: N815 - the file's own spelling
    secure: bool = False
    sameSite: Literal["Strict", "Lax", "None"] = "Lax"  # noqa: N815


class _Pair(_Part):
    name: str
    value: str


class _Origin(_Part):
    origin: str
    localStorage: tuple[_Pair, ...] = ()  # noqa: N815


class StorageState(_Part):
    cookies: tuple[_Cookie, ...]
    origins: tuple[_Origin, ...] = ()


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
    """Raise UsageError when no storage-state file can be written to ``path``."""
    if path.exists() and not path.is_file():
        raise UsageError(f"--save: {path} is not a regular file")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageError(f"--save: {path.parent} is no folder to write to")


async def load_session(page: Page, path: Path | None) -> None:
    """Give the page's browser the cookies and localStorage of AVITO_STORAGE_STATE, if it is set.

    Raises:
        UsageError: the file cannot be used, or the browser refuses a cookie of it.
    """
    if path is None:
        return
    state = read_storage_state(path)
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


async def sign_in(
    options: Mapping[str, Any],
    web_url: str,
    *,
    save: Path | None,
    patience: float,
    stopping: Callable[[], bool],
) -> bool:
    """Open the messenger and wait until its list of chats is there, then save the session.

    The page is left to the person: nothing is filled in, pressed or navigated, and chats stay
    closed.

    Args:
        options: of ``context_options``.
        web_url: AVITO_WEB_URL.
        save: the storage-state file to write, for the owner only.
        patience: seconds.
        stopping: asked often; true ends the waiting.

    Returns:
        Whether the person has signed in; False when the window was closed before.

    Raises:
        UsageError: the browser does not start or cannot be guarded, or ``save`` cannot be written.
        CrawlTimeout, ShutdownRequested: nobody has signed in in time, or ``stopping`` said so.
    """
    try:
        async with guarded_page(options) as page:
            messenger = MessengerPage(page, web_url, Waiter(stopping, patience))
            await messenger.attach()
            # A sign-in or a robot check is what the person is here for.
            with suppress(LoginRequired, AccessBlocked):
                await messenger.visit(MESSENGER_PATH)
            while not await messenger.shows_list():
                await messenger.waiter.wait_for_change(0.5)
            if save is not None:
                state = await page.context.storage_state()
                try:
                    write_private(save, json.dumps(state))
                except OSError as error:
                    problem = f"--save: {save} cannot be written ({describe(error)})"
                    raise UsageError(problem) from None
            await close_guarded(page)
            return True
    except PageClosed:
        return False
