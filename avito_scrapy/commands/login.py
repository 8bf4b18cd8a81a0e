"""``scrapy login``: a person signs in once; the session is kept."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand

if TYPE_CHECKING:
    from pathlib import Path

    from avito_scrapy.config import Config

PATIENCE_S = 3600.0


class Command(ProjectCommand, ScrapyCommand):
    """Opens a visible browser on the messenger and waits until the person has signed in.

    The session stays in the profile (AVITO_PROFILE_DIR). Exit status: 0 signed in; 1 the window
    was closed, or nobody signed in within an hour; 2 wrong usage, or no screen. The browser is
    visible whatever AVITO_HEADLESS says, unless ``-s AVITO_HEADLESS=true`` is given.
    """

    usage = "[--save FILE]"
    summary = "Sign in to the messenger in a visible browser; the session is kept"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--save", metavar="FILE", help="write the session there too (for AVITO_STORAGE_STATE)"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from pathlib import Path

        from avito_scrapy.runlock import RunLock

        config = self.config(opts)
        given = {pair.partition("=")[0] for pair in opts.set}
        headless = config.headless and "AVITO_HEADLESS" in given
        with RunLock(config.private_dir, "login"):
            signed_in = self._wait(config, headless, opts.save and Path(opts.save).absolute())
        if signed_in:
            self.say("Signed in; the session is kept. Now run `scrapy crawl chats`.")
            return 0
        self.fail("ended before anybody had signed in")
        return 1

    def _wait(self, config: Config, headless: bool, save: Path | None) -> bool:
        import asyncio
        import signal
        from threading import Event

        from avito_scrapy.browser.launch import check_screen, context_options
        from avito_scrapy.browser.session import check_save, sign_in
        from avito_scrapy.browser.stopping import CrawlTimeout, ShutdownRequested

        if not headless:
            check_screen(
                "run `scrapy login --save FILE` on a machine with one, "
                "bring the file and set AVITO_STORAGE_STATE to it"
            )
        if save is not None:
            check_save(save)
        options = context_options(
            config.browser, config.profile_dir, headless=headless, zone=config.tz.key
        )
        if not headless:
            del options["viewport"]
            options["no_viewport"] = True
        self.say("Sign in in the browser window; it closes when the list of chats is there.")
        told = Event()
        # Noted and looked at, since a cancelled wait may be lost in one that ends just then.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: told.set())
        signing_in = sign_in(
            options, config.web_url, save=save, patience=PATIENCE_S, stopping=told.is_set
        )
        try:
            return asyncio.run(signing_in)
        except (CrawlTimeout, ShutdownRequested):
            return False
