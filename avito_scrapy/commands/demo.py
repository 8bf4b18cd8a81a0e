"""``scrapy demo``: the whole way on a made-up account, without a network."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand


class Command(ProjectCommand, ScrapyCommand):
    """Starts the local Avito, runs both spiders against it as a user would, prints what came.

    Leaves ``demo/chats.jl``, ``demo/resumes.jl`` and ``demo/resumes.xlsx``. The exit status is
    that of the first crawl that failed.
    """

    summary = "Show the whole way from chats to workbook on a made-up account (no network)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--chats", type=int, default=2655, metavar="N", help="size of the account (2655)"
        )
        parser.add_argument(
            "--dir", default="demo", metavar="FOLDER", help="where the files go (demo)"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from pathlib import Path

        from avito_scrapy.demo import run_demo
        from avito_scrapy.errors import UsageError

        if not 1 <= opts.chats <= 1_000_000:
            raise UsageError("--chats must be a number from 1 to 1000000")
        return run_demo(Path(opts.dir).absolute(), opts.chats, self.say)
