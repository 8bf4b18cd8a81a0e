"""``scrapy report``: the workbook again, from what is stored."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from avito_scrapy.config import Config
    from avito_scrapy.errors import UsageError
    from avito_scrapy.report import ReportOptions
    from avito_scrapy.report.joint import AccountSource
    from avito_scrapy.report.replace import Written
    from avito_scrapy.store import Store

WORKBOOK, RESUMES = "resumes.xlsx", "resumes.jl"
INCOMPLETE = 3
"""As of a run that has not found everything."""

_NOTHING = "nothing is stored yet: run `scrapy crawl resumes` first"
_NOBODYS = (
    "is no account's folder yet, and the store holds those of others: "
    "run `scrapy crawl resumes` here first, or name the account (AVITO_ACCOUNT)"
)


_UNKNOWN = (
    "which of the accounts in the store it is, is not known here: run `scrapy crawl resumes` for "
    "it on this machine, or share AVITO_DATA_DIR with the one that did"
)


class Command(ProjectCommand, ScrapyCommand):
    """Writes the workbook of what is known by now; asks Avito nothing.

    Exit status 2 and one line on stderr when there is nothing to write or no place for it. With
    ``--accounts`` 3 when an account could not be read: it is named, the others are written.
    """

    usage = "[--accounts all|A,B] [-o FILE] [--lang ru|en] [--stoplist FILE_OR_FOLDER]"
    summary = "Write the workbook again from what is stored (no request)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="default: resumes.xlsx")
        parser.add_argument(
            "--accounts",
            metavar="NAMES",
            help="one workbook for several: all, or names with commas",
        )
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
        if opts.stoplist == "":
            raise UsageError("--stoplist: must be a path, or left out")
        config = self.config(opts)
        if opts.accounts is not None:
            with RunLock(config.private_dir, "report"):
                return self._write_joint(config, opts)
        _ensure_store(config)
        with RunLock(config.private_dir, "report"):
            self._write(config, opts)
        return 0

    def _write_joint(self, config: Config, opts: argparse.Namespace) -> int:
        import sqlite3
        from contextlib import ExitStack
        from pathlib import Path

        from avito_scrapy.accounts import owner_of
        from avito_scrapy.errors import UsageError, describe
        from avito_scrapy.report.joint import renew_joint
        from avito_scrapy.report.replace import draft_of
        from avito_scrapy.workbook import options_for, remembered_stoplist

        wanted, known = self._wanted(config, opts.accounts)
        target = Path(opts.output).expanduser().absolute() if opts.output else None
        if target is None:
            target = config.data_dir / WORKBOOK
            if owner_of(config.private_dir) is not None or (config.data_dir / RESUMES).exists():
                raise UsageError(
                    f"{config.data_dir} is one account's folder with a workbook of its own: "
                    "say where this one goes (-o FILE)"
                )
        failed: dict[str, str] = {}
        found: list[AccountSource] = []
        lists: list[Path] = []
        empty: list[str] = []
        stoplist = _given_stoplist(opts)
        with ExitStack() as stack:
            stores: dict[str, Store | UsageError] = {}
            for name in known:
                try:
                    own = self.config_of_account(name)
                    source = _open(own, name, stores, stack, shown=name in wanted)
                except UsageError as error:
                    if name in wanted:
                        failed[name] = str(error)
                    continue
                if source is not None:
                    found.append(source)
                elif name in wanted:
                    empty.append(name)
                if stoplist is None and name in wanted:
                    remembered = remembered_stoplist(own)
                    lists += [remembered] if remembered and remembered not in lists else []
            if not any(one.shown for one in found):
                alike: dict[str, list[str]] = {}
                for name, why in failed.items():
                    alike.setdefault(why, []).append(name)
                said = [f"{', '.join(names)}: {why}" for why, names in alike.items()]
                raise UsageError("; ".join(said) or _NOTHING)
            options = options_for(config, stoplist or lists, opts.lang)
            try:
                done, failed = renew_joint(
                    found, failed, options, replaces=target, draft=draft_of(target)
                )
                self._finish(done, target, options)
            except (OSError, sqlite3.Error) as error:
                raise UsageError(f"{target} cannot be written ({describe(error)})") from None
        for name in empty:
            self.fail(f"{name}: {_NOTHING}")
        for name in sorted(failed):
            self.fail(f"{name}: {failed[name]}; this account is not in the workbook")
        return INCOMPLETE if failed else 0

    def _write(self, config: Config, opts: argparse.Namespace) -> None:
        import sqlite3
        from pathlib import Path

        from avito_scrapy.accounts import owner_of
        from avito_scrapy.errors import UsageError, describe
        from avito_scrapy.report.replace import draft_of, renew
        from avito_scrapy.store import open_store
        from avito_scrapy.store.record_source import records_of_folder
        from avito_scrapy.workbook import options_for, remembered_stoplist

        usual = config.data_dir / WORKBOOK
        target = Path(opts.output).expanduser().absolute() if opts.output else usual
        stoplist = _given_stoplist(opts) or remembered_stoplist(config)
        store = open_store(config.store_url)
        try:
            found = config.data_dir / RESUMES
            owner, shared = owner_of(config.private_dir), not config.has_own_store
            source = records_of_folder(store, found, owner, shared=shared)
            if source is None:
                nobodys = owner is None and shared
                raise UsageError(f"{config.data_dir} {_NOBODYS}" if nobodys else _NOTHING)
            options = options_for(config, stoplist, opts.lang)
            also = None if target == usual else usual
            done = renew(store, source, options, replaces=target, draft=draft_of(target), also=also)
            self._finish(done, target, options)
        except (OSError, sqlite3.Error) as error:
            raise UsageError(f"{target} cannot be written ({describe(error)})") from None
        finally:
            store.close()

    def _finish(self, done: Written, target: Path, options: ReportOptions) -> None:
        """Give the workbook its name and say what was written."""
        from avito_scrapy.report.replace import put_in_place

        path, aside = done.path, done.aside
        if not aside:
            path, aside = put_in_place(path, target, options.now.astimezone(options.tz))
        for problem in done.summary.problems:
            self.fail(f"stop list not read: {problem}")
        for line in done.unclear:
            self.fail(line)
        if aside:
            self.fail(f"{aside}: left as it is")
        if done.carried:
            self.say(done.carried)
        self.say(f"{path}: {done.summary.people} people, {done.summary.chats} chats")

    @staticmethod
    def _wanted(config: Config, given: str) -> tuple[list[str], list[str]]:
        """The accounts that ``--accounts`` names, and all that are set up."""
        from avito_scrapy.accounts import ALL, FOLDER, names
        from avito_scrapy.errors import UsageError

        if config.account:
            raise UsageError("AVITO_ACCOUNT: leave it out, --accounts names them")
        known = names()
        if not known:
            raise UsageError(f"no account is set up: put the keys of one into {FOLDER}/NAME.env")
        wanted = known if given == ALL else [name.strip() for name in given.split(",")]
        for name in wanted:
            if name not in known:
                raise UsageError(
                    f"--accounts: {name!r} is no account; there are: {', '.join(known)}"
                )
        return wanted, known


def _given_stoplist(opts: argparse.Namespace) -> Path | None:
    from pathlib import Path

    from avito_scrapy.resumes.input_file import check_stoplist

    if opts.stoplist is None:
        return None
    check_stoplist(Path(opts.stoplist))
    return Path(opts.stoplist)


def _open(
    config: Config,
    name: str,
    stores: dict[str, Store | UsageError],
    stack: ExitStack,
    *,
    shown: bool,
) -> AccountSource | None:
    """Open the store of an account; None when nothing is stored yet.

    Args:
        stores: those that are open already, or could not be opened, by address; ``stack`` closes
            them.

    Raises:
        UsageError: it cannot be opened, or not be told from the others' in it.
    """
    from avito_scrapy.accounts import owner_of
    from avito_scrapy.errors import UsageError
    from avito_scrapy.report.joint import AccountSource
    from avito_scrapy.store import open_store
    from avito_scrapy.store.record_source import records_of_folder

    if not _has_store(config):
        return None
    url = config.store_url
    if url not in stores:
        try:
            stores[url] = stack.enter_context(open_store(url))
        except UsageError as error:
            stores[url] = error
    store = stores[url]
    if isinstance(store, UsageError):
        raise store
    owner, shared = owner_of(config.private_dir), not config.has_own_store
    source = records_of_folder(store, config.data_dir / RESUMES, owner, shared=shared)
    if source is None:
        if owner is None and shared and store.runs.last("resumes") is not None:
            raise UsageError(_UNKNOWN)
        return None
    return AccountSource(
        name, config.label(), store, source, config.data_dir / WORKBOOK, shown=shown
    )


def _ensure_store(config: Config) -> None:
    """Asking for a report must not make an empty store."""
    from avito_scrapy.errors import UsageError

    if not _has_store(config):
        raise UsageError(_NOTHING)


def _has_store(config: Config) -> bool:
    from pathlib import Path

    from sqlalchemy.engine import make_url

    url = make_url(config.store_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()
