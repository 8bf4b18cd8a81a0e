"""``scrapy doctor``: is everything there that a run needs?"""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand


class Command(ProjectCommand, ScrapyCommand):
    """Checks keys, subscription, browser, session, store, disk and clock; mends nothing.

    One line a check: ok, or what to do. Exit status by the worst: 0 all well, 1 something to
    look at, 3 a fault that a run would fail on; 2 is wrong usage.
    """

    summary = "Check keys, session, browser, store and clock; say what to do about each"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--lang", choices=("ru", "en"), default="ru", help="language of the lines (ru)"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from avito_scrapy.doctor.checks import examine
        from avito_scrapy.doctor.finding import exit_status

        findings = []
        for finding in examine(lambda: self.config(opts)):
            self.say(finding.line(opts.lang))
            findings.append(finding)
        return exit_status(findings)
