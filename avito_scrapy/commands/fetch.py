"""``scrapy fetch``, which leaves the data folder as it is."""

from __future__ import annotations

from scrapy.commands.fetch import Command as ScrapyFetch


class Command(ScrapyFetch):
    default_settings = {**ScrapyFetch.default_settings, "RECORD_RUN": False}  # noqa: RUF012
