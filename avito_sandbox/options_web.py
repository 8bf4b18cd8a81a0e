"""Options of the web messenger."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class WebOptions(BaseModel):
    """How the page is built and what happens on it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    scroll: Literal["list", "parent", "inner", "window"] = "list"
    """What scrolls: the element marked `channels/list`, one around it, one inside it, or the
    window."""
    rows: Literal["kept", "virtualised", "recycled"] = "kept"
    """Rows stay in the DOM; or are taken out when out of view; or their elements are filled anew
    with other chats (no element comes or goes)."""
    more_button: Literal["none", "always", "at_end"] = "none"
    """«Показать ещё»: never; after every page; or after every `more_every` pages that loaded by
    themselves."""
    more_every: int = Field(default=5, ge=1)
    """With `more_button=at_end`: pages that load by themselves between two presses."""
    data_ids: Literal["all", "some", "none", "cut"] = "some"
    """Which rows carry `data-id`: all, three of four, none; `cut`: all, each followed by half an
    emoji. The link's `href` is always there."""
    hrefs: Literal["path", "mixed"] = "path"
    """Links of rows: the bare path, or a mixture with absolute addresses and query strings."""
    title_marker: Literal["user-title", "channel-name", "mixed"] = "mixed"
    """Marker of the name in a row."""
    first_page: Literal["request", "embedded"] = "request"
    """The first page of chats is asked for, or stands in the HTML and no answer can be seen."""
    transport: Literal["getChannels", "other"] = "getChannels"
    """`other`: the page loads through an address nobody knows, in a shape nobody knows."""
    texts_in: Literal["objects", "string", "chunks"] = "objects"
    """Where a channel's last text stands: in one of three places, as an object; as a mere string;
    or in chunks, cut in the middle of words, behind a placeholder."""
    has_more_lies: Literal["no", "once", "always"] = "no"
    """`once`: the last page says `hasMore: true`, an empty page follows. `always`: it never says
    false."""
    page_latency_ms: int = Field(default=0, ge=0)
    """Milliseconds before each answer of the page's loads."""
    ask_delay_ms: int = Field(default=0, ge=0)
    """Milliseconds that the page waits near the end of what it has before it loads more."""
    slow_every: int = Field(default=0, ge=0)
    """Every so many loads is a slow one (0: none)."""
    slow_ms: int = Field(default=2500, ge=0)
    """Milliseconds that a slow load takes on top."""
    fail_every: int = Field(default=0, ge=0)
    """Every so many loads fails (0: none; 1 would be all of them and is refused)."""
    fail_share: float = Field(default=0.0, ge=0.0, lt=1.0)
    """Share of the loads that fail, drawn by `seed`; several in a row may."""
    fail_kind: Literal["http_500", "reset", "cut"] = "http_500"
    """How a load fails: HTTP 500; the connection is dropped before an answer (which a browser may
    mend by itself); or in the middle of one."""
    fail_mode: Literal["scroll_retry", "retry_button", "more_button"] = "scroll_retry"
    """After a failed load the page waits for the next scroll event near the end, or shows
    «Повторить», or «Загрузить ещё»."""
    back_off_ms: int = Field(default=0, ge=0)
    """Milliseconds after a failed load in which the page neither loads nor heeds its button."""
    jump_every: int = Field(default=0, ge=0)
    """Every so many loads an old chat gets a message and jumps to the top: in turn one that was not
    loaded yet, one that was, and the one that would come next (0: none)."""
    jump_live: bool = True
    """The page shows such a chat at the top at once (by its socket); else only after a reload."""
    jump_duplicates: bool = False
    """A chat that jumps is shown at the top and stays in its old place as well."""
    new_every: int = Field(default=0, ge=0)
    """Every so many loads a chat that did not exist before appears at the top (0: none)."""
    new_times: int | None = Field(default=None, ge=0)
    """How many such chats in all (unset: no end of them)."""
    wander: Literal[
        "none", "click", "push_state", "replace_state", "location_assign", "location_href"
    ] = "none"
    """How the page leaves by itself: it clicks a row, changes the history and shows the chat, or
    navigates."""
    wander_after: int = Field(default=2, ge=0)
    """After so many loads of one page view."""
    wander_to: Literal["channel", "elsewhere", "redirected"] = "channel"
    """To a chat's page, to another page of the site, or to an address that redirects to a chat's
    page (navigations only)."""
    wander_times: int = Field(default=1, ge=0)
    """How often in all."""
    roads: bool = False
    """The page tries every other road to a chat there is, while it is open and while it is being
    closed: frames, workers, tabs, beacons, websockets, what the browser fetches for it."""
    open_by: Literal["page", "api"] = "page"
    """How the page fetches a chat that it opens: from the chat's own address, or another one."""
    session: Literal["open", "cookie", "signed_out"] = "open"
    """Everybody is signed in; or those with a `sessid` cookie; or nobody, whatever they do."""
    sessid: str = "sandbox-session"
    """A cookie value that is signed in from the start (with `session=cookie`)."""
    redirect: Literal["server", "client"] = "server"
    """Signed out: the server redirects to `/#login…`, or a script does."""
    auto_login_ms: int | None = Field(default=None, ge=0)
    """The login page signs in by itself after so many milliseconds, as a person would."""
    sign_out_after: int | None = Field(default=None, ge=0)
    """After so many loads nobody is signed in any more."""
    refuse: Literal[
        "none",
        "forbidden_403",
        "limited_429",
        "redirect_302",
        "ip_title",
        "ip_limited",
        "please_wait",
        "firewall",
        "geetest",
        "hcaptcha",
        "robot_check",
    ] = "none"
    """Refused: HTTP 403; HTTP 429; a redirect to a check page; a page titled «Доступ ограничен:
    проблема с IP»; «Доступ с вашего IP временно ограничен»; «Подождите, идет загрузка»; a
    `firewall-container`; GeeTest; hCaptcha; a robot check. All but the first three have status 200;
    loads are then answered with 403."""
    refuse_after: int = Field(default=0, ge=0)
    """After so many loads; 0: from the start."""
    refuse_pages: bool = True
    """Pages are refused as well as loads."""
    web_down: bool = False
    """Every page and every load is answered with 502."""
    favorites_count: int | None = Field(default=None, ge=0)
    """The number on the favourites page; by default the number of chats."""
    favorites_markup: Literal["tab", "heading", "inline", "late", "none"] = "tab"
    """How the number stands there: in a tab, in the heading, in brackets, put in late by a script,
    not at all."""

    @field_validator("fail_every")
    @classmethod
    def _some_load_succeeds(cls, value: int) -> int:
        if value == 1:
            raise ValueError("1 would let no load succeed; 0 or 2 and more")
        return value
