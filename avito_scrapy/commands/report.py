"""``scrapy report``: the workbook again, from what is stored."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand

if TYPE_CHECKING:
    from avito_scrapy.config import Config

_NOTHING = "nothing is stored yet: run `scrapy crawl resumes` first"
_NOBODYS = (
    "is no account's folder yet, and the store holds those of others: "
    "run `scrapy crawl resumes` here first, or name the account (AVITO_ACCOUNT)"
)


class Command(ProjectCommand, ScrapyCommand):
    """Writes the workbook of what is known by now; asks Avito nothing.

    Exit status 2 and one line on stderr when there is nothing to write or no place for it.
    """

    usage = "[-o FILE] [--lang ru|en] [--stoplist FILE_OR_FOLDER]"
    summary = "Write the workbook again from what is stored (no request)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="default: resumes.xlsx")
        parser.add_argument("--lang", default="ru", metavar="LANG", help="ru (default) or en")
        parser.add_argument(
            "--stoplist",
            metavar="PATH",
            help="a table or a folder of them (default: the last run's)",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from avito_scrapy.errors import UsageError
        from avito_scrapy.runlock import RunLock

        if opts.lang not in ("ru", "en"):
            raise UsageError("--lang must be ru or en")
        config = self.config(opts)
        _ensure_store(config)
        with RunLock(config.private_dir, "report"):
            self._write(config, opts)
        return 0

    def _write(self, config: Config, opts: argparse.Namespace) -> None:
        import sqlite3
        from pathlib import Path

        from avito_scrapy.accounts import owner_of
        from avito_scrapy.errors import UsageError, describe
        from avito_scrapy.report.replace import draft_of, put_in_place, renew
        from avito_scrapy.resumes.input_file import check_stoplist
        from avito_scrapy.store import open_store
        from avito_scrapy.store.record_source import records_of_folder
        from avito_scrapy.workbook import options_for, remembered_stoplist

        usual = config.data_dir / "resumes.xlsx"
        target = Path(opts.output).expanduser().absolute() if opts.output else usual
        if opts.stoplist is None:
            stoplist = remembered_stoplist(config)
        else:
            if not opts.stoplist:
                raise UsageError("--stoplist: must be a path, or left out")
            stoplist = Path(opts.stoplist)
            check_stoplist(stoplist)
        store = open_store(config.store_url)
        try:
            found = config.data_dir / "resumes.jl"
            owner, shared = owner_of(config.private_dir), not config.has_own_store
            source = records_of_folder(store, found, owner, shared=shared)
            if source is None:
                nobodys = owner is None and shared
                raise UsageError(f"{config.data_dir} {_NOBODYS}" if nobodys else _NOTHING)
            options = options_for(config, stoplist, opts.lang)
            also = None if target == usual else usual
            done = renew(store, source, options, replaces=target, draft=draft_of(target), also=also)
            path, aside = done.path, done.aside
            if not aside:
                path, aside = put_in_place(path, target, options.now.astimezone(config.tz))
        except (OSError, sqlite3.Error) as error:
            raise UsageError(f"{target} cannot be written ({describe(error)})") from None
        finally:
            store.close()
        for problem in done.summary.problems:
            self.fail(f"stop list not read: {problem}")
        for line in done.unclear:
            self.fail(line)
        if aside:
            self.fail(f"{aside}: left as it is")
        self.say(f"{path}: {done.summary.people} people, {done.summary.chats} chats")


def _ensure_store(config: Config) -> None:
    """Asking for a report must not make an empty store."""
    from pathlib import Path

    from sqlalchemy.engine import make_url

    from avito_scrapy.errors import UsageError

    url = make_url(config.store_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise UsageError(_NOTHING)
