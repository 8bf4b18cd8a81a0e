"""``scrapy doctor``: is everything there that a run needs?"""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand


class Command(ScrapyCommand):
    """Looks at keys, subscription, browser, session, store, disk and clock; mends nothing.

    One line a check: ok, or what to do. Exit status by the worst: 0 all well, 1 something to
    look at, 3 a fault that a run would fail on; 2 is wrong usage.
    """

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for `scrapy -h`."""
        return "Check keys, session, browser, store and clock; say what to do about each"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Options of the command."""
        super().add_options(parser)
        parser.add_argument(
            "--lang", choices=("ru", "en"), default="ru", help="language of the lines (ru)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the checks, printing each as it is done; sets ``exitcode``."""
        from avito_scrapy.doctor.examine import examine
        from avito_scrapy.doctor.finding import exit_status

        assert self.settings is not None
        if args:
            sys.stderr.write("scrapy doctor: nothing but options may follow\n")
            self.exitcode = 2
            return
        findings = []
        for finding in examine(self.settings):
            print(finding.line(opts.lang), flush=True)
            findings.append(finding)
        self.exitcode = exit_status(findings)
