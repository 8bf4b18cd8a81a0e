"""Puts a run's files in place of the earlier ones, if they are no worse."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings
from w3lib.url import file_uri_to_path

from avito_scrapy.component import RECORD_RUN, EndComponent
from avito_scrapy.environment import check_writable
from avito_scrapy.errors import UsageError, describe
from avito_scrapy.files import chat_ids
from avito_scrapy.monitors import health_file
from avito_scrapy.resumes import checkpoint

logger = logging.getLogger(__name__)

KEPT = 3
"""How many unfinished runs' files are kept beside the last one's."""
_STORAGES = default_settings.FEED_STORAGES_BASE


class OutputFiles(EndComponent):
    """A run writes ``NAME.partial.jl`` (and ``.partial.xlsx``); at its end they become ``NAME``.

    They do when the run finished, everything that came was stored and written and nothing of it
    failed, or when every chat of the earlier file is in the new one. Else the earlier file stays,
    the new one stands beside it, and a line says so. What an earlier run left so is kept as
    ``NAME.partial.<when it ended>.jl``, the last three, until a run has written all its chats. A
    run that is killed leaves the earlier files as they were; one that collected nothing leaves no
    file.

    Switched on by ``EXTENSIONS`` for a spider with ``output_name`` whose feed is there
    (``add_feed``). Acts when the engine has stopped: by then everything that can fail has.
    Stats: ``avito/output/replaced`` (1 or 0), ``avito/output/lines``, ``avito/output/new`` (chats
    that the earlier file did not have), ``avito/output/lost`` (1: what came is not all stored and
    written, or could not be put in place), ``avito/workbook/aside`` (1: somebody opened or saved
    the earlier workbook meanwhile, the new one is beside it). They come after Scrapy's own have
    been logged.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # The files hold people's data: for their owner only.
        os.umask(0o077)
        name: str = crawler.spidercls.output_name  # type: ignore[attr-defined]
        self._partial = self.config.data_dir / f"{name}.partial.jl"
        self._final = self.config.data_dir / f"{name}.jl"
        self._sheet = self._partial.with_suffix(".xlsx")
        keep_partial(self._partial, self.config.tz)

    def finish(self) -> None:
        """Put the files in place, once."""
        reason, self.reason = self.reason, None
        if reason is None:  # done, or the spider was never opened
            return
        try:
            self._put_in_place(reason)
        except (OSError, UsageError) as error:
            logger.error("%s cannot be replaced: %s", self._final.name, describe(error))
            self.stats.set_value("avito/output/lost", 1)
            self.stats.set_value("avito/output/replaced", 0)

    def _put_in_place(self, reason: str) -> None:
        written = chat_ids(self._partial)
        lost = self._lost(reason, len(written))
        self.stats.set_value("avito/output/lost", int(lost))
        if not self._partial.exists():
            return
        earlier = chat_ids(self._final)
        failed = bool(self.stats.get_value("avito/health/exceptions"))
        whole = reason == "finished" and not self.limited
        better = whole or (bool(written) and earlier <= written)
        first = bool(written) and not self._final.exists()
        replaces = not lost and ((better and not failed) or first)
        self.stats.set_value("avito/output/lines", len(written))
        self.stats.set_value("avito/output/new", len(written - earlier))
        if replaces:
            with self._partial.open("rb") as lines:
                os.fsync(lines.fileno())
            os.replace(self._partial, self._final)
            logger.info("Written: %s", self._final)
            if self._sheet.exists():
                self._replace_workbook(self._final.with_suffix(".xlsx"))
            for left in kept_partials(self._partial):
                if chat_ids(left) <= written:
                    _remove(left)
        elif not written:
            # An empty file beside the earlier one would say less than none.
            self._partial.unlink()
            logger.info("Nothing was collected: %s stays as it was", self._final.name)
        else:
            why = "not all of this run went well" if lost or failed else "this run has less"
            logger.warning(
                "%s is kept: %s; its %d chats are in %s",
                self._final.name, why, len(written), self._partial.name,
            )  # fmt: skip
        self.stats.set_value("avito/output/replaced", int(replaces))
        if replaces and whole and not failed:
            getattr(self.crawler.spider, "note_whole", lambda: None)()

    def _lost(self, reason: str, written: int) -> bool:
        """Compare what came with what was stored and written; says so when they differ."""
        stats = self.stats.get_stats()
        came = stats.get("avito/items/yielded", 0) - stats.get("avito/items/duplicates", 0)
        came = max(came, stats.get("item_scraped_count", 0))
        stored = stats.get("avito/store/outcomes", 0) if self._stores else came
        expected = stats.get("avito/resumes/total", came) if reason == "finished" else came
        failed = any("feedexport/failed_count" in name for name in stats)
        if expected <= came == stored <= written and not failed:
            return False
        logger.error(
            "Of %d chats %d came, %d were stored and %d written: %s stays as it was",
            max(expected, came), came, stored, written, self._final.name,
        )  # fmt: skip
        return True

    @property
    def _stores(self) -> bool:
        from avito_scrapy.pipelines import StorePipeline

        # Chats alone are no outcomes, whatever else of the run is in the store.
        outcomes = self.crawler.spidercls.output_name == "resumes"  # type: ignore[attr-defined]
        outcomes = outcomes or self.stats.get_value("avito/store/outcomes", 0) > 0
        return outcomes and self.crawler.get_item_pipeline(StorePipeline) is not None

    def _replace_workbook(self, target: Path) -> None:
        from avito_scrapy.report.replace import put_in_place  # takes a second to load

        path, aside = put_in_place(self._sheet, target, datetime.now(self.config.tz))
        if aside:
            self.stats.set_value("avito/workbook/aside", 1)
            logger.warning("%s: left as it is, the new one is %s", aside, path)
        else:
            logger.info("Written: %s", path)


def add_feed(settings: BaseSettings, path: Path, fields: Sequence[str]) -> None:
    """Have the items written to ``path`` as well as to what -o, -O or FEEDS name."""
    if not settings.getbool(RECORD_RUN, True):
        return
    feed = {"format": "jsonlines", "overwrite": True, "fields": fields}
    given = settings.getpriority("FEEDS") or 0
    feeds = {**settings.getdict("FEEDS"), feed_key(path): feed}
    settings.set("FEEDS", feeds, priority=max(given, SETTINGS_PRIORITIES["spider"]))


def feed_key(path: Path) -> str:
    """The key of ``FEEDS`` for a file: Scrapy fills in %-places of it."""
    return str(path).replace("%", "%%")


def check_outputs(folder: Path, name: str, feeds: Iterable[str]) -> None:
    """Refuse what stands where the files are to go and is no file, and feeds that cannot be.

    Args:
        folder: the data folder.
        name: of the spider's output.
        feeds: the addresses that -o, -O or FEEDS name.

    Raises:
        UsageError: names it.
    """
    endings = (".jl", ".partial.jl", ".xlsx", ".partial.xlsx")
    own = [folder / f"{name}{ending}" for ending in endings]
    for path in (*own, folder / health_file.NAME, folder / ".avito" / checkpoint.NAME):
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is no file: move it away, the run's results go there")
    names = [f"{spider}{ending}" for spider in ("chats", "resumes") for ending in endings]
    taken = {(folder / own_name).resolve() for own_name in (*names, health_file.NAME)}
    for feed in feeds:
        scheme = urlsplit(feed).scheme if "://" in feed else "file"
        if scheme not in _STORAGES:
            raise UsageError("-o: Scrapy writes to no address of this kind")
        if scheme != "file":
            continue
        path = Path(file_uri_to_path(feed) if feed.startswith("file://") else feed)
        if path.resolve() in taken:
            raise UsageError(f"-o {path}: a run keeps a file of its own there; name another")
        check_writable(path, "-o")


def keep_partial(partial: Path, zone: tzinfo) -> None:
    """Give what an earlier run left at ``partial``, and its workbook, the time it ended as a name.

    Of what was kept so, that whose chats are all in another is removed, and all but the last three.
    """
    sheet = partial.with_suffix(".xlsx")
    if partial.exists():
        ended = datetime.fromtimestamp(partial.stat().st_mtime, zone)
        kept = partial.with_suffix(f".{ended:%Y%m%d-%H%M%S-%f}.jl")
        os.replace(partial, kept)
        if sheet.exists():
            os.replace(sheet, kept.with_suffix(".xlsx"))
    sheet.unlink(missing_ok=True)
    chats = {path: chat_ids(path) for path in reversed(kept_partials(partial))}
    worth: list[Path] = []
    for path in sorted(chats, key=lambda path: len(chats[path]), reverse=True):
        if not any(chats[path] <= chats[other] for other in worth):
            worth.append(path)
    for path in chats.keys() - set(sorted(worth)[-KEPT:]):
        _remove(path)


def kept_partials(partial: Path) -> list[Path]:
    """What earlier runs left and ``keep_partial`` renamed, the oldest first."""
    return sorted(partial.parent.glob(f"{partial.stem}.*.jl"))


def _remove(partial: Path) -> None:
    partial.unlink()
    partial.with_suffix(".xlsx").unlink(missing_ok=True)
