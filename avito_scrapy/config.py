"""The project's own settings (AVITO_*), read once into one checked value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from sqlalchemy.engine import make_url

from avito_scrapy.accounts import account_settings, owner_of, settings_file
from avito_scrapy.errors import UsageError
from avito_scrapy.store.database import parse_url

_MOST_CHARACTERS = 2000
_MOST_DAYS = 36_500
_zones = cache(available_timezones)


def _http_url(value: str) -> str:
    wanted = "an address that starts with http:// or https:// and names a host"
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # of brackets and ports
        raise ValueError(wanted) from None
    plain = not any(character.isspace() or not character.isprintable() for character in value)
    if not (usable and plain and len(value) <= _MOST_CHARACTERS):
        raise ValueError(wanted)
    return value.rstrip("/")


def _base_url(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError("an address without ? and #, as paths are added to it")
    return _http_url(value)


def _zone(value: Any) -> ZoneInfo:
    try:
        zone = value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
    except (OSError, ValueError, LookupError) as error:
        raise ValueError("a time zone like Europe/Moscow") from error
    # Python finds more than the browser knows: `localtime`, `posix/...`, any spelling on macOS.
    if zone.key in ("localtime", "Factory") or zone.key not in _zones():
        raise ValueError("a time zone like Europe/Moscow")
    return zone


def _path(value: Path) -> Path:
    if "\0" in str(value) or any(len(part.encode()) > 255 for part in value.parts):
        raise ValueError("a path")
    return Path(os.path.expanduser(value))


def _limit(most: float, wanted: str, *words: str) -> BeforeValidator:
    """A number from 0 to ``most``, one of ``words``, or none: ``off`` or empty."""

    def check(value: Any) -> Any:
        if value in words:
            return value
        if value in ("off", "", None):
            return None
        try:
            number = float(value)
        except (TypeError, ValueError) as error:
            raise ValueError(wanted) from error
        if not 0 <= number <= most:
            raise ValueError(wanted)
        return number

    return BeforeValidator(check)


def _store_url(value: str) -> str:
    parse_url(value)
    return value


EmptyIsNone = BeforeValidator(lambda value: None if value == "" else value)
HttpUrl = Annotated[str, AfterValidator(_http_url)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
GivenPath = Annotated[Path, AfterValidator(_path)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
OptionalPath = Annotated[GivenPath | None, EmptyIsNone]
AccountId = Annotated[int, Field(ge=1, lt=2**63)]
OptionalAccountId = Annotated[AccountId | None, EmptyIsNone]
Days = Annotated[float, Field(ge=0, le=_MOST_DAYS, allow_inf_nan=False)]
Share = Annotated[float | None, _limit(1.0, "a share from 0 to 1, or off")]
Count = Annotated[float | None, _limit(1e9, "a number, 0 or more, or off")]
Bought = Annotated[
    float | Literal["budget"] | None,
    _limit(1e9, "a number, 0 or more, or budget, or off", "budget"),
]


class Config(BaseModel):
    """Every AVITO_* setting, checked; paths are absolute, relative ones start at the data folder.

    With an account its own file has been read, and ``data_dir`` is the account's folder. The names
    are those of the settings in lower case without the prefix.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True
    )

    account: str
    client_id: str
    client_secret: str
    api_url: BaseUrl
    web_url: BaseUrl
    data_dir: GivenPath
    store_url: Annotated[str, AfterValidator(_store_url)]
    profile_dir: GivenPath
    storage_state: OptionalPath
    browser: OptionalPath
    headless: bool
    notify_new: bool
    tz: Zone
    employee_of: OptionalAccountId
    resume_max_age_days: Days
    health_max_failed_share: Share
    health_max_contacts_unread_share: Share
    health_max_chats_drop: Share
    health_max_drift: Count
    health_max_429_share: Share
    health_max_bought: Bought
    alone: bool
    fleet_every: Annotated[float, Field(ge=0.01, le=1440, allow_inf_nan=False)]
    dashboard_password: str
    call_outcomes: OptionalPath
    webhook_url: Annotated[HttpUrl | None, EmptyIsNone]

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Config:
        """Read the AVITO_* settings from Scrapy's settings (or any mapping) and, where
        AVITO_ACCOUNT names one, from the account's file.

        Raises:
            UsageError: a value is not of its kind; names the setting and what is allowed,
                never the value. Or AVITO_CALL_OUTCOMES names a file that cannot be used, or
                the account's file is missing or may be read by others.
        """
        own = account_settings(settings)
        raw = {}
        for name in cls.model_fields:
            setting = f"AVITO_{name.upper()}"
            raw[name] = own.get(setting, settings.get(setting))
        try:
            config = cls.model_validate(raw)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = f"AVITO_{str(first['loc'][0]).upper()}"
            wanted = first["msg"].removeprefix("Value error, ")
            raise UsageError(f"{name}: {wanted}") from None
        base = config.data_dir.absolute() / config.account
        outcomes = config.call_outcomes and base / config.call_outcomes
        if outcomes is not None:
            from avito_scrapy.report.call_outcomes import read_outcomes  # brings pandas with it

            read_outcomes(outcomes)
        return config.model_copy(
            update={
                "data_dir": base,
                "call_outcomes": outcomes,
                "profile_dir": base / config.profile_dir,
                "storage_state": config.storage_state and base / config.storage_state,
                "browser": config.browser and _resolve_program(config.browser, base),
                "store_url": _resolve_store(config.store_url, base),
            }
        )

    @property
    def has_own_store(self) -> bool:
        """Whether the store lies in the data folder, so that nobody else's runs are in it."""
        url = make_url(self.store_url)
        return url.get_backend_name() == "sqlite" and Path(str(url.database)).is_relative_to(
            self.data_dir
        )

    def label(self, number: int | None = None) -> str:
        """The account for people to read: its name, else the data folder's, and Avito's number.

        Args:
            number: where it is known already; else that of the folder's owner, if any.
        """
        name = re.sub(r"[^\w .-]", " ", self.account or self.data_dir.name)
        if number is None:
            number = owner_of(self.private_dir)
        return name if number is None else f"{name} ({number})"

    @property
    def identity(self) -> str:
        """What tells the account from others before Avito is asked: its keys, else its name."""
        return f"{self.api_url}\n{self.client_id}" if self.client_id else self.account

    @property
    def keys_place(self) -> str:
        """Where a person is to put the account's keys."""
        return str(settings_file(self.account)) if self.account else ".env or the environment"

    @property
    def private_dir(self) -> Path:
        """Where the tool keeps what is its own: store, profile, lock."""
        return self.data_dir / ".avito"


def _resolve_program(path: Path, base: Path) -> Path:
    """A bare name is looked for on PATH later."""
    return path if len(path.parts) == 1 else base / path


def _resolve_store(url: str, base: Path) -> str:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        parsed = parsed.set(database=str(base / str(parsed.database)))
    return parsed.render_as_string(hide_password=False)
