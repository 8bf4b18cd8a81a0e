"""Options of the API, its limits and its faults."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal[
    "500", "503", "429", "silence", "reset", "html", "cut_json", "cut_body", "drip", "flood", "deep"
]
Method = Literal[
    "token",
    "self",
    "items",
    "chats",
    "chat",
    "messages",
    "application_ids",
    "applications",
    "resumes",
    "contacts",
]


class ApiOptions(BaseModel):
    """How the API answers."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    client_id: str = "sandbox-id"
    """The client id that gets a token."""
    client_secret: str = "sandbox-secret"  # noqa: S105  made up, and printed at the start
    """The secret that belongs to it."""
    credentials_status: int = Field(default=403, ge=400, le=499)
    """Answer to wrong credentials."""
    token_ttl_s: float = Field(default=86_400.0, gt=0)
    """Seconds for which a token really lives."""
    token_claims_s: int = Field(default=86_400, ge=1)
    """Seconds that `expires_in` claims."""
    expired_status: Literal[401, 403] = 401
    """Answer to a token that has died."""
    employee_of: int | None = None
    """The credentials are those of an employee of this company: without `X-Employee-Of: <it>` (or
    the older `X-Is-Employee: true`) the company's chats are forbidden, its applications and
    purchases unseen."""
    subscription: Literal["full", "no_messenger", "no_job", "none"] = "full"
    """Which methods as a whole answer 402."""
    rate_limit_rps: float | None = Field(default=10.0, gt=0)
    """Requests a second for each method; null: no limit, and no headers of one."""
    rate_limits: dict[Method, float] = {}
    """Other limits for single methods."""
    rate_window: Literal["sliding", "bucket", "minute"] = "sliding"
    """How it is counted: never more in any second; a bucket that refills; so many in a minute."""
    latency_ms: int = Field(default=0, ge=0)
    """Milliseconds before each answer of the API."""
    fault_share: float = Field(default=0.0, ge=0, le=1)
    """Share of the requests that are answered wrongly, decided by seed, request and attempt."""
    faults: tuple[FaultKind, ...] = ("500", "503", "silence", "reset", "html", "cut_json")
    """The kinds of fault, equally often. Only if named: `429`, `cut_body` (fewer bytes than
    promised), `drip` (a byte each half second), `flood` (bytes without end), `deep` (arrays
    200,000 deep)."""
    fault_methods: tuple[Method, ...] | None = None
    """Only these methods; null: all."""
    applications_endless: bool = False
    """`get_ids` goes on with new ids for ever."""
    fault_streak: int = Field(default=3, ge=1)
    """The same request is never broken more often than this in a row."""
    silence_s: float = Field(default=30.0, gt=0)
    """Seconds of silence before the connection is closed without an answer."""
    messages_shape: Literal["array", "object", "mixed"] = "mixed"
    """Messages as an array, as `{"messages": […]}`, or by chat one or the other."""
    messages_order: Literal["newest_first", "oldest_first", "mixed"] = "newest_first"
    """Order of the messages."""
    messages_page: int = Field(default=100, ge=1, le=100)
    """Most messages a page, whatever is asked for; more may follow a page that is shorter."""
    message_texts: Literal["shown", "hidden"] = "shown"
    """`hidden`: as without the messenger's subscription, a stub stands in place of every text, with
    direction `in`."""
    created_unit: Literal["seconds", "milliseconds", "ticks", "nanoseconds"] = "seconds"
    """Unit of `created` of messages; a tick is 100 nanoseconds."""
    read_flag: Literal["seconds", "true"] = "seconds"
    """`true`: `read` is a mere true, and absent where it would be null."""
    package: int = Field(default=0, ge=0)
    """How many contacts the employer's package still pays for; after that 402."""
    verified: bool = True
    """False: buying contacts answers 403."""
    one_refused: Literal["none", "402", "route", "other_id"] = "none"
    """Every fifth resume that is there (`other_id`: every one) answers 402; 404 of a gateway that
    knows no such path; with another resume's id."""
    contacts_refused: Literal["none", "400", "402", "403", "404"] = "none"
    """Contacts of every third resume are refused with this status, bought or not."""
    record: bool = False
    """Keep every request and answer for `/__sandbox__/requests`, without secrets."""
    record_limit: int = Field(default=20_000, ge=1)
    """How many of them are kept at most: the latest."""
