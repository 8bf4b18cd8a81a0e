"""``scrapy forget``: takes people out of the store and the files."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand
from avito_scrapy.errors import UsageError


class Command(ProjectCommand, ScrapyCommand):
    """Removes people from the store, ``chats.jl``, ``resumes.jl`` and the workbook.

    Says how much it removed, never whom. Wrong input, a run that holds the data folder, an open
    workbook: one line on stderr and exit status 2.
    """

    usage = "--older-than 180d | --chat ID | --person PHONE"
    summary = "Remove people from the store and the files"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--older-than", metavar="DAYS", help="everybody with no message for so long, like 180d"
        )
        parser.add_argument("--chat", metavar="ID", help="one chat")
        parser.add_argument(
            "--person", metavar="PHONE", help="all chats with this phone or with its resume"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from avito_scrapy.erasure import WORKBOOK, Selection, forget
        from avito_scrapy.runlock import RunLock
        from avito_scrapy.store import open_store

        selection = Selection.parse(opts.older_than, opts.chat, opts.person)
        config = self.config(opts)
        if not config.data_dir.is_dir():
            raise UsageError(f"AVITO_DATA_DIR: {config.data_dir} is not there")
        with RunLock(config.private_dir, "forget"), open_store(config.store_url) as store:
            for line in forget(config, store, selection):
                self.say(line)
        joint = config.data_dir.parent / WORKBOOK
        if config.account and joint.exists():
            self.say(f"{joint}: may show them still, run `scrapy report --accounts all`")
        return 0
