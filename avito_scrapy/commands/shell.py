"""``scrapy shell``, which leaves the data folder as it is."""

from __future__ import annotations

from scrapy.commands.shell import Command as ScrapyShell


class Command(ScrapyShell):
    default_settings = {**ScrapyShell.default_settings, "RECORD_RUN": False}  # noqa: RUF012
