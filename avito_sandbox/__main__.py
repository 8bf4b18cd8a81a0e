"""`python -m avito_sandbox`: the local Avito for hands-on use."""

from __future__ import annotations

import signal
import sys
import threading

from avito_sandbox.cli import UsageError, read_arguments
from avito_sandbox.server import Sandbox


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status: 0, or 2 for wrong arguments."""
    try:
        scenario, port = read_arguments(sys.argv[1:] if arguments is None else arguments)
    except UsageError as error:
        print(f"avito_sandbox: {error}", file=sys.stderr)
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with Sandbox(scenario, port) as sandbox:
            print(sandbox.url, flush=True)
            print(f"AVITO_WEB_URL={sandbox.web_url} AVITO_API_URL={sandbox.api_url}")
            print(
                f"AVITO_CLIENT_ID={scenario.client_id} AVITO_CLIENT_SECRET={scenario.client_secret}"
            )
            print(f"What was asked of it: {sandbox.url}/__sandbox__/", flush=True)
            while not stop.wait(0.5):  # a bare wait would not let Windows see Ctrl-C
                pass
    except OSError as error:
        print(f"avito_sandbox: port {port}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
