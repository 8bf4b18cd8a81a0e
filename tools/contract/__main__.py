"""``python -m tools.contract FILE…``: does Avito still publish what this project relies on?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from avito_scrapy.errors import UsageError, printable
from tools.contract.compare import compare
from tools.contract.documents import load, ours
from tools.contract.findings import EXIT, lines, total, worst
from tools.contract.operations import feature_texts, used


def main() -> int:
    """Compare the files named with ``avito_scrapy/openapi/avito.yaml``; nothing is fetched.

    Returns:
        The exit status, by the worst finding: 0 all there, 1 changed or deprecated, 3 gone, 4 not
        all documents were given; 2 is wrong usage or a file that cannot be read.
    """
    parser = argparse.ArgumentParser(prog="tools.contract", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
    parser.add_argument("--brief", action="store_true", help="leave out what is as it was")
    options = parser.parse_args()
    try:
        if not options.files:
            raise UsageError("name Avito's OpenAPI documents: FILE...")
        findings = list(compare(ours(), [load(path) for path in options.files]))
    except UsageError as error:
        sys.stderr.write(f"tools.contract: {printable(str(error))}\n")
        return 2
    for line in lines(findings, used(), feature_texts(), brief=options.brief):
        print(printable(line))
    print(total(findings))
    return EXIT[worst(findings)]


if __name__ == "__main__":
    sys.exit(main())
