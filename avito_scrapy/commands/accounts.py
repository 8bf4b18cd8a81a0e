"""``scrapy accounts``: the accounts that are set up, whose they are, their last runs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand, table
from avito_scrapy.errors import UsageError

if TYPE_CHECKING:
    from avito_scrapy.config import Config

_COLUMNS: tuple[str, ...] = ("account", "number", "chats", "resumes", "waiting")


class Command(ProjectCommand, ScrapyCommand):
    """Lists the files of ``accounts/``; asks Avito nothing and changes nothing.

    A line an account: its name, Avito's number, when each spider last ended and how, how many
    chats waited for an answer then. Unknown is ``-``. Exit status 2 when an account's file is
    refused; the others are listed all the same.
    """

    summary = "List the accounts, whose they are and how their last runs ended"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from avito_scrapy.accounts import some_names

        status = 0
        rows = [_COLUMNS]
        for name in some_names():
            try:
                rows.append(_row(name, self.config_of_account(name)))
            except UsageError as error:
                self.fail(f"{name}: {error}")
                status = 2
        for line in table(rows):
            self.say(line)
        return status


def _row(name: str, config: Config) -> tuple[str, ...]:
    from avito_scrapy.accounts import owner_of
    from avito_scrapy.monitors.health_file import read

    runs = read(config.data_dir)
    figures = runs.get("resumes", {}).get("figures")
    told = (
        owner_of(config.private_dir),
        _ended(runs.get("chats")),
        _ended(runs.get("resumes")),
        figures.get("waiting") if isinstance(figures, dict) else None,
    )
    return (name, *("-" if cell is None else str(cell) for cell in told))


def _ended(run: dict[str, Any] | None) -> str | None:
    if not run:
        return None
    return f"{run.get('finished_at')} {run.get('reason')} ({run.get('status')})"
