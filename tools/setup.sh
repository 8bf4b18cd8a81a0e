#!/bin/sh
# Make .venv with what the given requirements file lists, and see to a browser.
# Usage: [PYTHON=python3.12] sh tools/setup.sh requirements.txt
# Says in one line what is missing when something is, and exits with a status that is not 0.
set -eu

requirements=$1
python=${PYTHON:-python3}

missing() {
    echo "missing: $1" >&2
    exit 1
}

apt_install() { # quiet; only where this is Debian's kind and we may
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else return 1; fi
    $sudo apt-get update -qq >/dev/null 2>&1 || true
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

command -v "$python" >/dev/null 2>&1 || apt_install python3 ||
    missing "Python 3.10 or newer (apt-get install python3, or PYTHON=/path/to/python make ...)"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    missing "Python 3.10 or newer; $python is $("$python" -V 2>&1) (PYTHON=/path/to/python make ...)"

if ! [ -x .venv/bin/python ]; then
    echo "setting up .venv ..."
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv ||
        missing "python3-venv (apt-get install python3-venv)"
    "$python" -m venv .venv
fi

echo "installing $requirements ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements" ||
    missing "packages of $requirements: pip could not install them (see above); is there a network?"

# A browser: one that is there, else Playwright's, else the distribution's package.
browser() {
    .venv/bin/python -c '
import os, pathlib
from avito_scrapy.browser.launch import find_browser
given = os.environ.get("AVITO_BROWSER")
print(find_browser(pathlib.Path(given) if given else None))'
}
if ! found=$(browser 2>/dev/null); then
    echo "no browser yet: asking Playwright for its Chromium ..."
    .venv/bin/python -m playwright install chromium >/dev/null 2>&1 || true
    if ! found=$(browser 2>/dev/null); then
        echo "Playwright's download failed: asking the distribution for chromium ..."
        apt_install chromium || true
        found=$(browser 2>/dev/null) ||
            missing "a browser (apt-get install chromium, or AVITO_BROWSER=/path/to/chromium)"
    fi
fi
echo "browser: $found"
