"""Log lines without people: Scrapy's own formatter prints whole items."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from avito_scrapy.errors import printable


class PrintableRecord(logging.LogRecord):
    """A line of the log that no text of others can break up, hide or have obeyed.

    Escapes control characters and hides passwords in addresses, whoever logs. Lines of the project
    stay one line; those of others may have several.
    """

    def getMessage(self) -> str:  # noqa: N802 - the library's spelling
        message = super().getMessage()
        if self.name.startswith("avito_scrapy"):
            return printable(message)
        return _by_line(message)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = _by_line(logging.Formatter().formatException(self.exc_info))


def _by_line(text: str) -> str:
    return "\n".join(printable(line).replace("\\t", "\t") for line in text.split("\n"))


class PrivateLogFormatter(LogFormatter):
    """Names the chat an item is about and nothing else of it.

    Switched on by ``LOG_FORMATTER``; writes no stats.
    """

    def scraped(self, item: Any, *args: Any, **kwargs: Any) -> LogFormatterResult:
        return _line(logging.DEBUG, "Scraped %(item)s", item)

    def dropped(
        self, item: Any, exception: BaseException, *args: Any, **kwargs: Any
    ) -> LogFormatterResult:
        return _line(logging.DEBUG, "Dropped %(item)s: %(why)s", item, why=str(exception))

    def item_error(self, item: Any, *args: Any, **kwargs: Any) -> LogFormatterResult:
        return _line(logging.ERROR, "Error processing %(item)s", item)


def _line(level: int, text: str, item: Any, **values: str) -> LogFormatterResult:
    name = f"{type(item).__name__} of chat {getattr(item, 'chat_id', '?')}"
    return {"level": level, "msg": text, "args": {"item": name, **values}}
