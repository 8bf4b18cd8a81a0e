"""``scrapy parse``, which leaves the data folder as it is."""

from __future__ import annotations

from scrapy.commands.parse import Command as ScrapyParse


class Command(ScrapyParse):
    default_settings = {**ScrapyParse.default_settings, "RECORD_RUN": False}  # noqa: RUF012
