"""The Avito of the benchmarks: a sandbox in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextmanager
def sandbox(chats: int, **options: object) -> Iterator[str]:
    """Start a sandbox; gives its URL.

    Args:
        chats: how many the account has.
        options: those of ``python -m avito_sandbox``, with underscores.
    """
    given = {"chats": chats, **options}
    words = [
        part
        for name, value in given.items()
        for part in (f"--{name.replace('_', '-')}", str(value))
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "avito_sandbox", *words],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1].rstrip("/")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
