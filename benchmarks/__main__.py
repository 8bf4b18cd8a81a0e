"""All benchmarks, one after another; arguments name some: `python -m benchmarks chats workbook`."""

from __future__ import annotations

import subprocess
import sys

ALL = ("chats", "resumes", "workbook", "cycle")


def main(names: list[str]) -> int:
    """Run the benchmarks called ``names`` (all without); the first status that is not 0 wins."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        sys.stderr.write(f"benchmarks: {unknown[0]} is not one of {', '.join(ALL)}\n")
        return 2
    statuses = [
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
        for name in names or ALL
    ]
    return next((status for status in statuses if status), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
