"""What the project's commands share."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from avito_scrapy.errors import UsageError, describe, place_of, printable

if TYPE_CHECKING:
    from scrapy.commands import ScrapyCommand
    from scrapy.settings import Settings

    from avito_scrapy.config import Config
else:
    # Scrapy lists every subclass of its class in this folder as a command.
    ScrapyCommand = object

INTERRUPTED = 130


class ProjectCommand(ScrapyCommand):
    """Base of the commands, to be named before Scrapy's own.

    Wrong usage (a ``UsageError``) is one line on stderr and exit status 2. Control characters are
    shown as escapes, and what the console's code page lacks as well. Files are made for their
    owner only.
    """

    requires_project = True
    # Made by those that crawl, after the checks: making it logs a dozen lines.
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    usage = "[options]"
    summary = ""
    takes_arguments = False
    settings: Settings

    def syntax(self) -> str:
        return self.usage

    def short_desc(self) -> str:
        return self.summary

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        from scrapy.exceptions import UsageError as ScrapyUsageError

        try:
            super().process_options(args, opts)
        except (TypeError, ValueError):  # of -s FEEDS=[1]
            raise ScrapyUsageError("a value after -s is not of its kind") from None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run ``execute``; its result, or 2 after wrong usage, becomes the exit status."""
        from scrapy.exceptions import UsageError as ScrapyUsageError

        from avito_scrapy.logformatter import PrintableRecord

        logging.setLogRecordFactory(PrintableRecord)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        os.umask(0o077)
        try:
            if args and not self.takes_arguments:
                raise UsageError(f"{args[0]} is not known: nothing but options follows the command")
            self.exitcode = self.execute(args, opts)
        except UsageError as error:
            self.refuse(error, args, opts)
        except OSError as error:
            self.fail(describe(error))
            self.exitcode = 1
        except ScrapyUsageError:
            raise  # Scrapy says what was wrong
        except Exception as error:
            self.broken(error)
        except KeyboardInterrupt:
            self.fail("interrupted")
            self.exitcode = INTERRUPTED

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Return the exit status."""
        raise NotImplementedError

    def broken(self, error: BaseException) -> None:
        """Say where an error of the program came up; with ``-L DEBUG`` all of it."""
        logging.getLogger(__name__).debug("All of it:", exc_info=error)
        self.fail(f"something went wrong in the program: {place_of(error)}; please report it")
        self.exitcode = 1

    def refuse(self, error: Exception, args: list[str], opts: argparse.Namespace) -> None:
        self.fail(str(error))
        self.exitcode = 2

    def config(self, opts: argparse.Namespace) -> Config:
        """Read and check the AVITO_* settings.

        Raises:
            UsageError: a wrong value, an unknown name after ``-s``, or a ``.env`` that cannot be
                read. An unknown name in ``.env`` or the environment is only told.
        """
        from avito_scrapy.accounts import account_settings, settings_file
        from avito_scrapy.config import Config
        from avito_scrapy.environment import check_given, unknown_names

        check_given(pair.partition("=")[0] for pair in opts.set)
        config = Config.from_settings(self.settings)
        own = settings_file(config.account) if config.account else None
        for line in unknown_names(os.environ, own):
            self.fail(f"warning: {line}")
        # The project's own are read by Config; Spidermon reads Scrapy's settings.
        for name, value in account_settings(self.settings).items():
            if name.startswith("SPIDERMON_"):
                self.settings.set(name, value, priority="spider")
        return config

    def config_of_account(self, name: str) -> Config:
        """Read and check the AVITO_* settings of the account ``name``.

        Raises:
            UsageError: as ``config``.
        """
        from avito_scrapy.config import Config

        settings = self.settings.copy()
        settings.set("AVITO_ACCOUNT", name, priority="cmdline")
        return Config.from_settings(settings)

    def say(self, line: str) -> None:
        print(printable(line), flush=True)

    def fail(self, line: str) -> None:
        """Print a line on stderr that names the command."""
        name = type(self).__module__.rpartition(".")[2]
        sys.stderr.write(f"scrapy {name}: {printable(line)}\n")


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, their columns one under the other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = [map(str.ljust, row, widths) for row in rows]
    return ["  ".join(row).rstrip() for row in cells]
