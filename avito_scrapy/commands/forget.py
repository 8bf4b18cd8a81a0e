"""``scrapy forget``: takes people out of the store and the files."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand


class Command(ScrapyCommand):
    """Removes people from the store, ``chats.jl``, ``resumes.jl`` and the workbook.

    Says how much it removed, never whom. Wrong input, a run that holds the data folder, an open
    workbook: one line on stderr and exit status 2.
    """

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  (Scrapy's own spelling)

    def syntax(self) -> str:
        """What follows the command's name."""
        return "--older-than 180d | --chat ID | --person PHONE"

    def short_desc(self) -> str:
        """One line for `scrapy -h`."""
        return "Remove people from the store and the files"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Options of the command."""
        super().add_options(parser)
        parser.add_argument(
            "--older-than", metavar="DAYS", help="everybody with no message for so long, like 180d"
        )
        parser.add_argument("--chat", metavar="ID", help="one chat")
        parser.add_argument(
            "--person", metavar="PHONE", help="all chats with this phone or with its resume"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do it and say what was done; ``exitcode`` 2 when it could not be."""
        import os

        from avito_scrapy.config import Config
        from avito_scrapy.errors import UsageError
        from avito_scrapy.runlock import RunLock
        from avito_scrapy.selection import Selection
        from avito_scrapy.store import open_store

        assert self.settings is not None
        try:
            if args:
                raise UsageError("nothing but options follows the command")
            selection = Selection.parse(opts.older_than, opts.chat, opts.person)
            config = Config.from_settings(self.settings)
            if not config.data_dir.is_dir():
                raise UsageError(f"AVITO_DATA_DIR: {config.data_dir} is not there")
            os.umask(0o077)
            with RunLock(config.private_dir, "forget"), open_store(config.store_url) as store:
                from avito_scrapy.forgetting import forget

                for line in forget(config, store, selection):
                    sys.stdout.write(f"{line}\n")
        except UsageError as problem:
            sys.stderr.write(f"scrapy forget: {problem}\n")
            self.exitcode = 2
