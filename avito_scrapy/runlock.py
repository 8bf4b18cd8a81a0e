"""One run at a time on one data folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

from filelock import FileLock, Timeout

from avito_scrapy.errors import UsageError, describe
from avito_scrapy.files import private_folder, read_json, write_private
from avito_scrapy.times import now_iso


class RunLock:
    """Holds the data folder for as long as a run lasts; freed by the system if the run is killed.

    Args:
        folder: the private folder (``.avito``); made, for the owner only, if it is not there.
        who: what runs, as the second run will be told.

    Raises:
        UsageError: on entering, when another run holds the folder (says which, since when and
            its pid) or the folder cannot be written.
    """

    def __init__(self, folder: Path, who: str) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "run.lock", mode=0o600)
        # Beside the lock and not in it: whoever tries the lock empties its file.
        self._holder = folder / "run.json"
        self._who = who

    def __enter__(self) -> RunLock:
        try:
            private_folder(self._folder)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise UsageError(
                f"another run holds {self._folder.parent}: {self._read()}; wait for its end"
            ) from None
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            self._holder.unlink(missing_ok=True)  # of a run that was killed
            self._write()
        except OSError as error:
            self._lock.release()
            raise self._unwritable(error) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _write(self) -> None:
        held = {"run": self._who, "pid": os.getpid(), "since": now_iso()}
        write_private(self._holder, json.dumps(held))

    def _read(self) -> str:
        try:
            held = read_json(self._holder)
            return f"`{held['run']}`, pid {held['pid']}, since {held['since']}"
        except (UsageError, KeyError, TypeError):
            return "a process that has not said its name"

    def _unwritable(self, error: OSError) -> UsageError:
        return UsageError(
            f"AVITO_DATA_DIR: {self._folder.parent} cannot be written ({describe(error)})"
        )
