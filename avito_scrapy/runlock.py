"""One run at a time on one data folder."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from avito_scrapy.avito.errors import UsageProblem


class RunLock:
    """Holds the data folder for as long as a run lasts; freed by the system if the run is killed.

    Args:
        folder: the private folder (``.avito``); made, for the owner only, if it is not there.
        who: what runs, as the second run will be told.

    Raises:
        UsageProblem: on entering, when another run holds the folder (says which, since when and
            its pid) or the folder cannot be written.
    """

    def __init__(self, folder: Path, who: str) -> None:
        self._lock = FileLock(folder / "run.lock", mode=0o600)
        self._holder = folder / "run.json"
        self._who = who

    def __enter__(self) -> RunLock:
        try:
            self._holder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise UsageProblem(
                f"another run holds {self._holder.parent.parent}: {self._read()}; wait for its end"
            ) from None
        except OSError as error:
            raise UsageProblem(
                f"AVITO_DATA_DIR: {self._holder.parent.parent} cannot be written ({error.strerror})"
            ) from None
        since = datetime.now(timezone.utc).isoformat(timespec="seconds")
        text = json.dumps({"run": self._who, "pid": os.getpid(), "since": since})
        self._holder.write_text(text, encoding="utf-8")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _read(self) -> str:
        try:
            held = json.loads(self._holder.read_text(encoding="utf-8"))
            return f"`{held['run']}`, pid {held['pid']}, since {held['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "by a process that has not said its name"
