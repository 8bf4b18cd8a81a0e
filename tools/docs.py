"""Write ``avito_scrapy/openapi/avito.yaml`` as one page that opens in a browser without a network.

Usage: ``python tools/docs.py [PAGE]`` (build/api.html). The page is Redoc, whose script comes with
the package drf-spectacular-sidecar: it is taken from its files, Django is not needed
(``pip install --no-deps drf-spectacular-sidecar``).
"""

from __future__ import annotations

import html
import json
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import yaml

DOCUMENT = Path(__file__).resolve().parents[1] / "avito_scrapy" / "openapi" / "avito.yaml"
PACKAGE = "drf-spectacular-sidecar"
SCRIPT = "drf_spectacular_sidecar/static/drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<body style="margin: 0">
<div id="page"></div>
<script>{script}</script>
<script>Redoc.init({document}, {options}, document.getElementById("page"))</script>
</body>
</html>
"""
# x-source, x-feature and the like are what this document adds: show them.
OPTIONS = {"showExtensions": True, "expandResponses": "200", "disableSearch": True}


def page(document: Any, script: str) -> str:
    """The page for ``document`` (parsed) with Redoc's ``script`` in it."""
    return PAGE.format(
        title=html.escape(document["info"]["title"]),
        script=_inline(script),
        document=_inline(json.dumps(document, ensure_ascii=False)),
        options=json.dumps(OPTIONS),
    )


def _inline(script: str) -> str:
    """``script`` so that nothing in it ends the element it stands in."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def main(arguments: list[str]) -> int:
    """Write the page. Returns the exit status: 1 when Redoc is not installed."""
    target = Path(arguments[0] if arguments else "build/api.html")
    try:
        found = distribution(PACKAGE).locate_file(SCRIPT)
        script = Path(str(found)).read_text(encoding="utf-8")
    except (PackageNotFoundError, OSError):
        print(f"missing: pip install --no-deps {PACKAGE}", file=sys.stderr)
        return 1
    document = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(document, script), encoding="utf-8")
    print(f"Written: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
