"""E-mail, composed by Spidermon and sent with Python's own library.

Spidermon's SendSmtpEmail sends through scrapy.mail, which is deprecated, wants a password always
and puts the composed message, headers and all, into the body of another one.
"""

from __future__ import annotations

import smtplib
from email.message import Message
from typing import Any

from scrapy.crawler import Crawler
from spidermon.contrib.actions.email import SendEmail
from spidermon.exceptions import NotConfigured

TIMEOUT_S = 10.0


class SendSmtpMessage(SendEmail):  # type: ignore[misc]  # Spidermon has no types
    """Reads the settings ``SPIDERMON_SMTP_HOST``, ``_PORT``, ``_USER``, ``_PASSWORD``,
    ``_ENFORCE_TLS`` and ``_ENFORCE_SSL``; without a user it does not sign in."""

    body_html_template = None

    def __init__(self, *, smtp: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not smtp["host"]:
            raise NotConfigured("You must provide a value for SPIDERMON_SMTP_HOST setting.")
        if not self.sender:
            raise NotConfigured("You must provide a value for SPIDERMON_EMAIL_SENDER setting.")
        self._smtp = smtp

    @classmethod
    def from_crawler_kwargs(cls, crawler: Crawler) -> dict[str, Any]:
        settings = crawler.settings
        smtp = {
            "host": settings.get("SPIDERMON_SMTP_HOST"),
            "port": settings.getint("SPIDERMON_SMTP_PORT"),
            "user": settings.get("SPIDERMON_SMTP_USER"),
            "password": settings.get("SPIDERMON_SMTP_PASSWORD"),
            "tls": settings.getbool("SPIDERMON_SMTP_ENFORCE_TLS"),
            "ssl": settings.getbool("SPIDERMON_SMTP_ENFORCE_SSL"),
        }
        return {**super().from_crawler_kwargs(crawler), "smtp": smtp}

    def send_message(self, message: Message, **_: Any) -> None:
        smtp = self._smtp
        sender = smtplib.SMTP_SSL if smtp["ssl"] else smtplib.SMTP
        with sender(smtp["host"], smtp["port"], timeout=TIMEOUT_S) as connection:
            if smtp["tls"]:
                connection.starttls()
            if smtp["user"]:
                connection.login(smtp["user"], smtp["password"] or "")
            connection.send_message(message)
