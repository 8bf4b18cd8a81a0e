"""The workbook of an account, or of several, by their settings and what is stored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import make_url

from avito_scrapy.accounts import ALL, FOLDER, names, owner_of
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError, describe
from avito_scrapy.exit_reasons import REASONS, UNHEALTHY
from avito_scrapy.files import read_json, write_private
from avito_scrapy.report.call_outcomes import read_outcomes
from avito_scrapy.report.joint import AccountSource, renew_joint
from avito_scrapy.report.options import ReportOptions
from avito_scrapy.report.replace import Written, draft_of, put_in_place, renew
from avito_scrapy.report.texts import Lang
from avito_scrapy.store import Store, open_store
from avito_scrapy.store.record_source import RecordSource, records_of_folder

WORKBOOK, RESUMES = "resumes.xlsx", "resumes.jl"
NOTHING_STORED = "nothing is stored yet: run `scrapy crawl resumes` first"
_NOBODYS = (
    "is no account's folder yet, and the store holds those of others: "
    "run `scrapy crawl resumes` here first, or name the account (AVITO_ACCOUNT)"
)
_UNKNOWN = (
    "which of the accounts in the store it is, is not known here: run `scrapy crawl resumes` for "
    "it on this machine, or share AVITO_DATA_DIR with the one that did"
)


class Report(NamedTuple):
    """What is to be said of a workbook that was written, and the exit status, as of a run."""

    warnings: Sequence[str]
    lines: Sequence[str]
    status: int


def options_for(
    config: Config, stoplist: Path | Sequence[Path] | None, lang: Lang = "ru"
) -> ReportOptions:
    """How to write the workbook of this account's data folder, as of now."""
    return ReportOptions(
        tz=config.tz,
        now=datetime.now(timezone.utc),
        lang=lang,
        stoplist=stoplist.expanduser() if isinstance(stoplist, Path) else stoplist,
        outcomes=read_outcomes(config.call_outcomes),
        web_url=config.web_url,
        account=config.label(),
    )


def remember_stoplist(config: Config, stoplist: Path | None) -> None:
    """Keep which stop lists a run was given: a workbook written later must not lack them."""
    text = json.dumps({"stoplist": stoplist and str(stoplist.expanduser().absolute())})
    write_private(config.private_dir / "report.json", text)


def remembered_stoplist(config: Config) -> Path | None:
    """The stop lists of the last run; None when it had none.

    Raises:
        UsageError: which they were cannot be read: without them, people would be called who must
            not be.
    """
    path = config.private_dir / "report.json"
    if not path.exists():
        return None
    try:
        known = read_json(path)["stoplist"]
        return Path(known) if known else None
    except (UsageError, KeyError, TypeError):
        raise UsageError(
            f"{path} does not tell the stop lists of the last run: delete it, "
            "and name them with `scrapy report --stoplist`"
        ) from None


def has_store(config: Config) -> bool:
    """Whether there is a store to read: to open one that is not there makes it."""
    url = make_url(config.store_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def stored_records(config: Config, store: Store) -> RecordSource | None:
    """What is stored of the data folder's account; None: nothing."""
    owner = owner_of(config.private_dir)
    found = config.data_dir / RESUMES
    return records_of_folder(store, found, owner, shared=not config.has_own_store)


def write_own(config: Config, output: Path | None, stoplist: Path | None, lang: Lang) -> Report:
    """Write the workbook of the data folder's account, with the last run's stop lists unless others
    are given; to its usual place without ``output``.

    Raises:
        UsageError: there is nothing to write, or no place for it.
    """
    usual = config.data_dir / WORKBOOK
    target = _checked(output or usual)
    stoplist = stoplist or remembered_stoplist(config)
    with open_store(config.store_url) as store:
        try:
            source = stored_records(config, store)
            if source is None:
                nobodys = owner_of(config.private_dir) is None and not config.has_own_store
                raise UsageError(f"{config.data_dir} {_NOBODYS}" if nobodys else NOTHING_STORED)
            options = options_for(config, stoplist, lang)
            also = None if target == usual else usual
            done = renew(store, source, options, replaces=target, draft=draft_of(target), also=also)
            return _put_in_place(done, target, options)
        except (OSError, sqlite3.Error) as error:
            raise _not_written(target, error) from None


def write_joint(
    config: Config,
    given: str,
    config_of: Callable[[str], Config],
    output: Path | None,
    stoplist: Path | None,
    lang: Lang,
) -> Report:
    """Write one workbook for several accounts: ``given`` are their names with commas, or ``all``,
    and ``config_of`` gives the settings of one.

    Raises:
        UsageError: as for ``write_own``.
    """
    wanted, accounts = _wanted(config, given)
    is_own = owner_of(config.private_dir) is not None or (config.data_dir / RESUMES).exists()
    if output is None and is_own:
        raise UsageError(
            f"{config.data_dir} is one account's folder with a workbook of its own: "
            "say where this one goes (-o FILE)"
        )
    target = _checked(output or config.data_dir / WORKBOOK)
    failed: dict[str, str] = {}
    found: list[AccountSource] = []
    lists: list[Path] = []
    empty: list[str] = []
    with ExitStack() as stack:
        stores: dict[str, Store | UsageError] = {}
        for name in accounts:
            try:
                own = config_of(name)
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
            said = [f"{', '.join(alike[why])}: {why}" for why in alike]
            raise UsageError("; ".join(said) or NOTHING_STORED)
        options = options_for(config, stoplist or lists, lang)
        try:
            draft = draft_of(target)
            done, failed = renew_joint(found, failed, options, replaces=target, draft=draft)
            written = _put_in_place(done, target, options)
        except (OSError, sqlite3.Error) as error:
            raise _not_written(target, error) from None
    warnings = [
        *written.warnings,
        *(f"{name}: {NOTHING_STORED}" for name in empty),
        *(
            f"{name}: {failed[name]}; this account is not in the workbook"
            for name in sorted(failed)
        ),
    ]
    status = REASONS["incomplete"].status if failed else written.status
    return Report(warnings, written.lines, status)


def _wanted(config: Config, given: str) -> tuple[list[str], list[str]]:
    """The accounts that are named, and all that are set up: notes go to each that knows one."""
    if config.account:
        raise UsageError("AVITO_ACCOUNT: leave it out, --accounts names them")
    known = names()
    if not known:
        raise UsageError(f"no account is set up: put the keys of one into {FOLDER}/NAME.env")
    wanted = known if given == ALL else [name.strip() for name in given.split(",")]
    for name in wanted:
        if name not in known:
            raise UsageError(f"--accounts: {name!r} is no account; there are: {', '.join(known)}")
    return wanted, known


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
    if not has_store(config):
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
    source = stored_records(config, store)
    if source is None:
        shared = owner_of(config.private_dir) is None and not config.has_own_store
        if shared and store.runs.last("resumes") is not None:
            raise UsageError(_UNKNOWN)
        return None
    return AccountSource(
        name, config.label(), store, source, config.data_dir / WORKBOOK, shown=shown
    )


def _put_in_place(done: Written, target: Path, options: ReportOptions) -> Report:
    path, aside = done.path, done.aside
    if not aside:
        path, aside = put_in_place(path, target, options.now.astimezone(options.tz))
    warnings = [f"stop list not read: {problem}" for problem in done.summary.problems]
    warnings += done.unclear
    warnings += [f"{aside}: left as it is"] if aside else []
    lines = [done.carried] if done.carried else []
    lines.append(f"{path}: {done.summary.people} people, {done.summary.chats} chats")
    # Who is on a list that was not read may be called.
    return Report(warnings, lines, UNHEALTHY.status if done.summary.problems else 0)


def _checked(target: Path) -> Path:
    """Refuse what stands where the workbook is to go and is no file, as it would go beside it, and
    a name that no program would open as a workbook."""
    if target.exists() and not target.is_file():
        raise UsageError(f"{target} is no file: move it away, or name another with -o")
    if target.suffix.lower() != ".xlsx":
        raise UsageError(f"{target}: the name of a workbook ends in .xlsx")
    return target


def _not_written(target: Path, error: Exception) -> UsageError:
    return UsageError(f"{target} cannot be written ({describe(error)})")
