"""``scrapy dashboard``: pages to work from."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand

if TYPE_CHECKING:
    from avito_scrapy.config import Config


class Command(ProjectCommand, ScrapyCommand):
    """Serves the pages until Ctrl-C and prints their address, with a key that signs in once.

    Exit status 2 and one line on stderr when the port cannot be had, NiceGUI is not installed, or
    others could reach the pages without a password.
    """

    usage = "[--port 8765] [--host 127.0.0.1] [--account NAME] [--open]"
    summary = "Pages to work from: whom to call, notes, figures"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--port", default="8765", help="default: 8765; 0: a free one")
        parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
        parser.add_argument("--account", metavar="NAME", help="an account, or all (a switch)")
        parser.add_argument("--open", action="store_true", help="open it in the browser")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        import importlib.util

        from avito_scrapy.errors import UsageError

        if not (opts.port.isascii() and opts.port.isdigit() and int(opts.port) < 65536):
            raise UsageError("--port must be a number from 0 to 65535")
        configs = self._configs(opts)
        if importlib.util.find_spec("nicegui") is None:
            raise UsageError("needs NiceGUI: pip install -r requirements-dashboard.txt")
        from avito_scrapy.dashboard.security import is_loopback

        password = next(iter(configs.values())).dashboard_password
        if not is_loopback(opts.host) and not password:
            raise UsageError(f"--host {opts.host}: others could reach the pages: set "
                             "AVITO_DASHBOARD_PASSWORD, or leave --host out")  # fmt: skip
        from avito_scrapy.dashboard.server import serve

        # The crawls of «Обновить сейчас» are processes of their own.
        os.environ.update(pair.split("=", 1) for pair in opts.set if pair.startswith("AVITO_"))
        serve(configs, host=opts.host, port=int(opts.port), password=password,
              open_browser=opts.open, say=self.say)  # fmt: skip
        return 0

    def _configs(self, opts: argparse.Namespace) -> dict[str, Config]:
        from avito_scrapy.accounts import ALL, FOLDER, names
        from avito_scrapy.errors import UsageError

        if opts.account == ALL:
            known = names()
            if not known:
                raise UsageError(f"--account all: there is no account in {FOLDER}/")
            self.config(opts)
            return {name: self.config_of_account(name) for name in known}
        if opts.account:
            return {opts.account: self.config_of_account(opts.account)}
        config = self.config(opts)
        return {config.account: config}
