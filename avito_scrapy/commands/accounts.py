"""``scrapy accounts``: the accounts that are set up, whose they are, their last runs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand

if TYPE_CHECKING:
    from avito_scrapy.config import Config

_COLUMNS = ("account", "number", "chats", "resumes", "waiting")


class Command(ProjectCommand, ScrapyCommand):
    """Lists the files of ``accounts/``; asks Avito nothing and changes nothing.

    A line an account: its name, Avito's number, when each spider last ended and how, how many
    chats waited for an answer then. Unknown is ``-``. Exit status 2 when an account's file is
    refused; the others are listed all the same.
    """

    summary = "List the accounts, whose they are and how their last runs ended"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from avito_scrapy.accounts import FOLDER, names
        from avito_scrapy.errors import UsageError

        known = names()
        if not known:
            raise UsageError(
                f"no account is set up: put the keys of one into {FOLDER}/NAME.env (chmod 600)"
            )
        status = 0
        rows: list[tuple[str, ...]] = [_COLUMNS]
        for name in known:
            try:
                rows.append(_row(name, self.config_of_account(name)))
            except UsageError as error:
                self.fail(f"{name}: {error}")
                status = 2
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.say("  ".join(cells).rstrip())
        return status


def _row(name: str, config: Config) -> tuple[str, ...]:
    from avito_scrapy.accounts import owner_of
    from avito_scrapy.monitors.health_file import read

    runs = read(config.data_dir)
    number = owner_of(config.private_dir)
    waiting = _figures(runs.get("resumes", {})).get("waiting")
    return (
        name,
        "-" if number is None else str(number),
        _ended(runs.get("chats", {})),
        _ended(runs.get("resumes", {})),
        "-" if waiting is None else str(waiting),
    )


def _figures(run: dict[str, Any]) -> dict[str, Any]:
    figures = run.get("figures")
    return figures if isinstance(figures, dict) else {}


def _ended(run: dict[str, Any]) -> str:
    if not run:
        return "-"
    return f"{run.get('finished_at')} {run.get('reason')} ({run.get('status')})"
