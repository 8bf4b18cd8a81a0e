"""``scrapy contract``: does Avito still publish what this project relies on?"""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand


class Command(ScrapyCommand):
    """Holds Avito's published documents against ``avito_scrapy/openapi/avito.yaml``.

    Prints for each method and field that the spiders use whether it is there, changed, deprecated
    or gone, and what of the product that would touch. Nothing is fetched. Exit status by the
    worst finding: 0 all there, 1 changed or deprecated, 3 gone, 4 not all documents were given;
    2 is wrong usage or a file that cannot be read (one line on stderr).
    """

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options] FILE..."

    def short_desc(self) -> str:
        """One line for `scrapy -h`."""
        return "Compare Avito's published OpenAPI documents with what this project relies on"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Options of the command."""
        super().add_options(parser)
        parser.add_argument("--brief", action="store_true", help="leave out what is as it was")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Compare the files ``args``; sets ``exitcode``."""
        from pathlib import Path

        from avito_scrapy.contract.compare import compare
        from avito_scrapy.contract.documents import load, ours
        from avito_scrapy.contract.findings import EXIT, worst
        from avito_scrapy.contract.texts import lines, total
        from avito_scrapy.contract.uses import feature_texts, used
        from avito_scrapy.errors import UsageError

        try:
            if not args:
                raise UsageError("name Avito's OpenAPI documents: FILE...")
            findings = list(compare(ours(), [load(Path(name)) for name in args]))
        except UsageError as problem:
            sys.stderr.write(f"scrapy contract: {problem}\n")
            self.exitcode = 2
            return
        for line in lines(findings, used(), feature_texts(), brief=opts.brief):
            print(line)
        print(total(findings))
        self.exitcode = EXIT[worst(findings)]
