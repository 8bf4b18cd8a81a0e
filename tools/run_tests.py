"""Run all tests with coverage of this process and of crawls it starts, then check the floor.

Coverage is put together after pytest has ended, so that what the crawls (processes of their own)
measured counts too. Arguments go to pytest.
"""

from __future__ import annotations

import subprocess
import sys


def main(arguments: list[str]) -> int:
    """Run pytest under coverage with ``arguments``; the first status that is not 0 wins."""
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "erase"], check=True)
    tests = subprocess.run([*coverage, "run", "-m", "pytest", *arguments], check=False)
    if tests.returncode:
        return tests.returncode
    subprocess.run([*coverage, "combine", "--quiet"], check=True)
    return subprocess.run([*coverage, "report"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
