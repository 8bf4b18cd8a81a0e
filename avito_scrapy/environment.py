"""The ``.env`` file, and AVITO_* names that nobody reads."""

from __future__ import annotations

import difflib
import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotenv import dotenv_values

from avito_scrapy.errors import UsageError, describe

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

ENV_FILE = Path(".env")
MOST_BYTES = 1_000_000
_PREFIX = "AVITO_"


def env_file() -> dict[str, str | None]:
    """Read ``.env`` of the current folder; nothing when it is not there.

    Raises:
        UsageError: it is no regular file of a sane size, or no text in UTF-8.
    """
    return parse_env(ENV_FILE) if ENV_FILE.exists() else {}


def parse_env(path: Path) -> dict[str, str | None]:
    """Read a file of ``NAME=value`` lines.

    Raises:
        UsageError: it is no regular file of a sane size, or no text in UTF-8.
    """
    # settings.py is read at every start of scrapy, and mostly there is no such file.
    from avito_scrapy.files import read_bounded

    content = read_bounded(path, MOST_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not text in UTF-8; save it as UTF-8") from None
    if "\0" in text:
        raise UsageError(f"{path}: holds NUL characters; save it as text in UTF-8")
    return dotenv_values(stream=StringIO(text))


def readable_env_file() -> dict[str, str | None]:
    """Read ``.env``, or nothing when it cannot be read: ``unknown_names`` says so before a run."""
    try:
        return env_file()
    except UsageError:
        return {}


def check_given(names: Iterable[str]) -> None:
    """Check the names given with ``-s``.

    Raises:
        UsageError: one starts with AVITO_ and is no setting.
    """
    for name in names:
        if _is_unknown(name):
            raise UsageError(f"-s {_told(name)}")


def unknown_names(
    environment: Mapping[str, str], account_file: Path | None = None
) -> Iterator[str]:
    """Name what looks like a setting and is none: in the environment, in ``.env``, in the
    account's file.

    Raises:
        UsageError: as ``env_file``.
    """
    own = {} if account_file is None else parse_env(account_file)
    for place, given in (
        ("environment", environment),
        (ENV_FILE, env_file()),
        (account_file, own),
    ):
        yield from (f"{place}: {_told(name)}" for name in given if _is_unknown(name))


def check_scrapys(settings: BaseSettings) -> None:
    """Check Scrapy's own settings, as far as a wrong one would end a run with a traceback.

    Raises:
        UsageError: a number is none or negative, a level or a log file cannot be used.
    """
    from scrapy.settings import default_settings

    for name, default in vars(default_settings).items():
        if not isinstance(default, (int, float)) or isinstance(default, bool):
            continue
        value = settings.get(name)
        if value is not None and value != default and not _is_number(value, default):
            raise UsageError(f"{name}: must be a number{', 0 or more' if default >= 0 else ''}")
    level = settings.get("LOG_LEVEL")
    # For a name that is none it gives a text.
    if isinstance(level, str) and not isinstance(logging.getLevelName(level), int):
        raise UsageError("LOG_LEVEL: must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
    if log := settings.get("LOG_FILE"):
        check_writable(Path(log), "LOG_FILE")


def check_writable(path: Path, what: str) -> None:
    """Check that a file can be written at ``path``; makes its folder, as the run would.

    Raises:
        UsageError: it cannot; begins with ``what``.
    """
    try:
        is_new = not path.exists()
        if not is_new and not path.is_file():  # to open a pipe would wait for ever
            raise UsageError(f"{what} {path}: is no file")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):
            pass
        if is_new:
            path.unlink()
    except (OSError, ValueError) as error:
        raise UsageError(f"{what} {path}: cannot be written ({describe(error)})") from None


def _is_number(value: Any, default: float) -> bool:
    try:
        return math.isfinite(float(value)) and (default < 0 or float(value) >= 0)
    except (TypeError, ValueError, OverflowError):
        return False


def _is_unknown(name: str) -> bool:
    return name.startswith(_PREFIX) and name not in _known()


def _told(name: str) -> str:
    # Without the prefix, which makes any two alike.
    known = [one.removeprefix(_PREFIX) for one in _known()]
    near = difflib.get_close_matches(name.removeprefix(_PREFIX), known, n=1)
    return f"{name} is no setting{f'; did you mean {_PREFIX}{near[0]}?' if near else ''}"


def _known() -> list[str]:
    # Imported late: settings.py imports this module at every start of scrapy.
    from avito_scrapy.config import Config

    return [f"{_PREFIX}{field.upper()}" for field in Config.model_fields]
