"""``scrapy fleet``: many accounts on several machines, on a PostgreSQL queue."""

from __future__ import annotations

import argparse
import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand, table
from avito_scrapy.errors import UsageError

if TYPE_CHECKING:
    from datetime import tzinfo

    from avito_scrapy.config import Config
    from avito_scrapy.fleet.queue import FleetAccount

_COLUMNS = ("account", "last", "status", "seconds", "machine", "failures", "next")
_ACTIONS = ("work", "now", "status")


class Command(ProjectCommand, ScrapyCommand):
    """``work`` runs the accounts' cycles until it is stopped; ``now`` has some run at once;
    ``status`` lists the accounts, their last and next cycles, failures and workers, and which
    of them have no file on this machine.

    The accounts are those of ``accounts/``; the queue is in the store's PostgreSQL.
    """

    usage = "work [--concurrency N] | now [NAME ...] | status"
    summary = "Run many accounts on several machines"
    takes_arguments = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--concurrency", type=int, default=2, metavar="N", help="cycles at a time (2)"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from avito_scrapy.accounts import some_names

        action, *given = args or [""]
        if action not in _ACTIONS or (given and action != "now"):
            raise UsageError(f"say one of {', '.join(_ACTIONS)}; names follow `now` only")
        if not 1 <= opts.concurrency <= 100:
            raise UsageError("--concurrency must be a number from 1 to 100")
        config = self.config(opts)
        if config.account:
            raise UsageError("AVITO_ACCOUNT: a fleet has all accounts; leave it out")
        known = some_names()
        unknown = [name for name in given if name not in known]
        if unknown:
            raise UsageError(f"{unknown[0]} is no account; there are: {', '.join(known)}")
        if action == "work":
            return self._work(config, opts)
        return self._ask(config, action, given or known)

    def _work(self, config: Config, opts: argparse.Namespace) -> int:
        from datetime import timedelta

        from sqlalchemy.engine import make_url

        from avito_scrapy.accounts import names
        from avito_scrapy.fleet.worker import FleetWorker

        # Said before signals are handled, which Windows cannot.
        if make_url(config.store_url).get_backend_name() != "postgresql":
            raise UsageError("AVITO_STORE_URL: a fleet needs PostgreSQL, postgresql://...")
        logging.basicConfig(
            level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", force=True
        )
        # Theirs repeat what ours say, and the addresses of connections.
        for library in ("procrastinate", "psycopg", "alembic"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        worker = FleetWorker(
            config.store_url,
            self.config_of_account,
            names,
            every=timedelta(minutes=config.fleet_every),
            concurrency=opts.concurrency,
            options=[word for pair in opts.set for word in ("-s", pair)],
        )
        asyncio.run(worker.run())
        return 0

    def _ask(self, config: Config, action: str, wanted: list[str]) -> int:
        from avito_scrapy.fleet.queue import UNREACHABLE, unreachable

        try:
            lines = asyncio.run(_answer(config, action, wanted))
        except UNREACHABLE:
            raise UsageError(unreachable(config.store_url)) from None
        for line in lines:
            self.say(line)
        return 0


async def _answer(config: Config, action: str, wanted: list[str]) -> list[str]:
    from avito_scrapy.fleet.queue import CycleQueue

    async with CycleQueue.open(config.store_url) as queue:
        if action == "now":
            for name in wanted:
                await queue.put_now(name)
            return [f"{name}: next" for name in wanted]
        rows = [_row(account, config.tz, wanted) for account in await queue.accounts()]
        return [*table([_COLUMNS, *rows]), f"workers: {await queue.workers()}"]


def _row(account: FleetAccount, zone: tzinfo, known: list[str]) -> tuple[str, ...]:
    state, due = account.state, account.due_at
    when = "running" if account.running else "now"
    if not account.running and due is not None:
        when = due.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if account.name not in known:
        when += " (no file here)"
    told = (state.ended_at, state.status, state.seconds, state.machine, state.failures)
    return (account.name, *("-" if cell is None else str(cell) for cell in told), when)
