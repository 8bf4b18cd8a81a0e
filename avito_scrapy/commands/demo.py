"""``scrapy demo``: the whole way on a made-up account, without a network."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand


class Command(ScrapyCommand):
    """Starts the local Avito, runs both spiders against it as a user would, prints what came.

    Leaves ``demo/chats.jl``, ``demo/resumes.jl`` and ``demo/resumes.xlsx``.
    """

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for `scrapy -h`."""
        return "Show the whole way from chats to workbook on a made-up account (no network)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Options of the command."""
        super().add_options(parser)
        parser.add_argument(
            "--chats", type=int, default=2655, metavar="N", help="size of the account (2655)"
        )
        parser.add_argument(
            "--dir", default="demo", metavar="FOLDER", help="where the files go (demo)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run it; ``exitcode`` is that of the first part that failed."""
        from pathlib import Path

        from avito_scrapy.demo import run_demo
        from avito_scrapy.errors import UsageError

        try:
            if args or opts.chats < 1:
                raise UsageError("--chats must be 1 or more, and nothing else follows")
            self.exitcode = run_demo(Path(opts.dir).absolute(), opts.chats)
        except UsageError as problem:
            sys.stderr.write(f"scrapy demo: {problem}\n")
            self.exitcode = 2
