"""The folder in which the browser keeps the session: made ready, and held by nobody else."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

from avito_scrapy.browser.guard import write_extension
from avito_scrapy.errors import UsageError, describe, printable
from avito_scrapy.files import MEGABYTE, UnreadableFile, read_json, write_private

# How Chromium holds a profile on Linux and macOS: symbolic links to `host-pid`, to a number and
# to a socket. On Windows it is a file that nobody else can open.
_LOCK = "SingletonLock"
_LOCK_FILES = (_LOCK, "SingletonCookie", "SingletonSocket")
_WINDOWS_LOCK = "lockfile"


def prepare_profile(profile: Path) -> Path:
    """Make the profile's folder, for the owner only; gives the guard's extension in it.

    Preloading is switched off: it fetches pages before anybody asks for them.

    Raises:
        UsageError: the folder cannot be written, or another browser holds it.
    """
    if "," in str(profile):
        raise UsageError(
            f"AVITO_PROFILE_DIR: {profile}: Chromium loads no extension from a folder with a comma "
            "in its path; name another folder"
        )
    preferences = profile / "Default" / "Preferences"
    try:
        profile.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_lock(profile)
        preferences.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            kept = read_json(preferences, 20 * MEGABYTE)
        except UnreadableFile:
            kept = {}
        kept = kept if isinstance(kept, dict) else {}
        net = kept.get("net")
        net = net if isinstance(net, dict) else {}
        kept["net"] = {**net, "network_prediction_options": 2}
        write_private(preferences, json.dumps(kept))
        return write_extension(profile / "guard-extension")
    except OSError as error:
        raise UsageError(
            f"AVITO_PROFILE_DIR: {profile} cannot be written ({describe(error)})"
        ) from None


def check_lock(profile: Path) -> None:
    """Check that no browser holds ``profile``; removes the lock of one of this computer that died.

    Raises:
        UsageError: one holds it, or may; says which and what to do.
        OSError: the lock cannot be read or removed.
    """
    if sys.platform == "win32":
        try:
            (profile / _WINDOWS_LOCK).unlink(missing_ok=True)
        except PermissionError:
            raise _held(profile, "") from None
        return
    try:
        host, _, pid = os.readlink(profile / _LOCK).rpartition("-")
    except FileNotFoundError:
        return
    if not host or not (pid.isascii() and pid.isdecimal()):
        raise _left_behind(profile, "its lock does not tell whose it is")
    if host != socket.gethostname():
        where = f"a browser on {printable(host)} (pid {pid}) holds it or has left its lock there"
        raise _left_behind(profile, where)
    if _is_listening(profile / _LOCK_FILES[2]) or _is_running(int(pid)):
        raise _held(profile, f" (pid {pid})")
    for name in _LOCK_FILES:
        (profile / name).unlink(missing_ok=True)


def _held(profile: Path, who: str) -> UsageError:
    return UsageError(
        f"AVITO_PROFILE_DIR: {profile} is open in another browser window{who}; "
        "close it and run again"
    )


def _left_behind(profile: Path, why: str) -> UsageError:
    return UsageError(
        f"AVITO_PROFILE_DIR: {profile}: {why}; close that browser, or, if it is gone, "
        f"remove {', '.join(_LOCK_FILES)} there"
    )


def _is_listening(address: Path) -> bool:
    """Whether a browser answers at the socket of its lock."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(os.readlink(address))
        except (OSError, ValueError):
            return False
    return True


def _is_running(pid: int) -> bool:
    """Whether ``pid`` is a browser. Its number may have gone to another program since."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().lower()
    except OSError:  # there is no /proc, or no right to look
        return True
    return b"chrom" in command
