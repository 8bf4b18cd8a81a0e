"""AVITO_ACCOUNT: one of several accounts, each with a file of settings and a folder of its own."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from avito_scrapy.environment import parse_env
from avito_scrapy.errors import UsageError, describe
from avito_scrapy.files import private_folder, read_json, write_private
from avito_scrapy.times import now_iso

FOLDER = Path("accounts")
"""Beside ``.env``, in the folder where the command runs."""
ALL = "all"
_NAME = re.compile(r"\w[\w-]{0,49}")
_RESERVED = (ALL, FOLDER.name)
_COMMAND_LINE = 40  # Scrapy's priority of -s
# Another account's keys or session must not stand in for what the account's own file leaves out.
_OWN = {
    "AVITO_CLIENT_ID": "",
    "AVITO_CLIENT_SECRET": "",
    "AVITO_PROFILE_DIR": ".avito/profile",
    "AVITO_STORAGE_STATE": "",
}
_OWNER = "account.json"


def names() -> list[str]:
    """Return the accounts that have a file, in the order of their names."""
    found = {path.stem for path in FOLDER.glob("*.env")}
    return sorted(name for name in found if _NAME.fullmatch(name) and name not in _RESERVED)


def some_names() -> list[str]:
    """Return the accounts that have a file.

    Raises:
        UsageError: none has.
    """
    known = names()
    if not known:
        raise UsageError(
            f"no account is set up: put the keys of one into {FOLDER}/NAME.env (chmod 600)"
        )
    return known


def settings_file(name: str) -> Path:
    """Return the path of an account's file.

    Raises:
        UsageError: no account may be called so.
    """
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise UsageError(
            "AVITO_ACCOUNT: a plain name of letters, digits, - and _ (50 at most, "
            f"not {' or '.join(_RESERVED)})"
        )
    return FOLDER / f"{name}.env"


def read_settings(name: str) -> dict[str, str]:
    """Read the settings in an account's file.

    Raises:
        UsageError: it is not there, others may read it, it is no text, or names an account itself.
    """
    path = settings_file(name)
    if not path.exists():
        known = ", ".join(names())
        there = f"there are: {known}" if known else "put the account's keys there"
        raise UsageError(f"AVITO_ACCOUNT: {path} is not there; {there}")
    given = {key: value or "" for key, value in parse_env(path).items()}
    if path.stat().st_mode & 0o077 and os.name == "posix":
        raise UsageError(f"{path} holds keys and others may read it: chmod 600 {path}")
    if "AVITO_ACCOUNT" in given:
        raise UsageError(f"{path}: AVITO_ACCOUNT does not belong there; the file's name says it")
    return given


def account_settings(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return what AVITO_ACCOUNT puts in the place of the settings given otherwise.

    The account's file wins over the environment and ``.env``; ``-s`` wins over the file. Keys and
    session come from the file or from ``-s`` only. Empty without an account.

    Raises:
        UsageError: as ``read_settings``.
    """
    name = str(settings.get("AVITO_ACCOUNT") or "")
    if not name:
        return {}
    priority = getattr(settings, "getpriority", lambda _name: None)
    given = _OWN | {key: value for key, value in read_settings(name).items() if value}
    return {
        key: value
        for key, value in given.items()
        if key.startswith(("AVITO_", "SPIDERMON_")) and (priority(key) or 0) < _COMMAND_LINE
    }


def owner_of(private_dir: Path) -> int | None:
    """Return Avito's number of the account that a data folder belongs to; None: not known yet.

    Args:
        private_dir: the folder's ``.avito``.
    """
    try:
        number = read_json(private_dir / _OWNER)["account_id"]
    except (UsageError, KeyError, TypeError):
        return None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def claim(private_dir: Path, account_id: int, earlier: int | None = None) -> None:
    """Write down that the data folder is the account's; nothing changes when it is so already.

    Args:
        private_dir: the folder's ``.avito``.
        account_id: of the keys, as Avito said it.
        earlier: whose a folder is by its files, where an older version wrote nothing down.

    Raises:
        UsageError: the folder is another account's, or cannot be written.
    """
    written = owner_of(private_dir)
    owner = earlier if written is None else written
    if owner not in (None, account_id):
        raise UsageError(
            f"{private_dir.parent} belongs to account {owner} and the keys to account "
            f"{account_id}: give each a folder (AVITO_DATA_DIR) or a name (AVITO_ACCOUNT)"
        )
    if written is None:
        content = {"account_id": account_id, "since": now_iso()}
        try:
            private_folder(private_dir)
            write_private(private_dir / _OWNER, json.dumps(content) + "\n")
        except OSError as error:
            raise UsageError(
                f"AVITO_DATA_DIR: {private_dir} cannot be written ({describe(error)})"
            ) from None
