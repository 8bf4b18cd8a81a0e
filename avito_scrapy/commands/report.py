"""``scrapy report``: the workbook again, from what is stored."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand


class Command(ProjectCommand, ScrapyCommand):
    """Writes the workbook of what is known by now; asks Avito nothing.

    Exit status 2 and one line on stderr when there is nothing to write or no place for it; 9 when
    a stop list could not be read. With ``--accounts`` 3 when an account could not be read: it is
    named, the others are written.
    """

    usage = "[--accounts all|A,B] [-o FILE.xlsx] [--lang ru|en] [--stoplist FILE_OR_FOLDER]"
    summary = "Write the workbook again from what is stored (no request)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE.xlsx", help="default: resumes.xlsx")
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
        from pathlib import Path

        from avito_scrapy.errors import UsageError
        from avito_scrapy.resumes.input_file import check_stoplist
        from avito_scrapy.runlock import RunLock

        if opts.lang not in ("ru", "en"):
            raise UsageError("--lang must be ru or en")
        if opts.stoplist == "":
            raise UsageError("--stoplist: must be a path, or left out")
        stoplist = None if opts.stoplist is None else Path(opts.stoplist)
        if stoplist is not None:
            check_stoplist(stoplist)
        output = Path(opts.output).expanduser().absolute() if opts.output else None
        config = self.config(opts)
        # pandas and openpyxl take a second to load.
        from avito_scrapy import workbook

        if opts.accounts is None and not workbook.has_store(config):
            raise UsageError(workbook.NOTHING_STORED)
        with RunLock(config.private_dir, "report"):
            if opts.accounts is None:
                done = workbook.write_own(config, output, stoplist, opts.lang)
            else:
                done = workbook.write_joint(
                    config, opts.accounts, self.config_of_account, output, stoplist, opts.lang
                )
        for line in done.warnings:
            self.fail(line)
        for line in done.lines:
            self.say(line)
        return done.status
