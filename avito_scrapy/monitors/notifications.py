"""Notifications at the end of a run: Spidermon's actions, and a webhook."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import urllib3
from scrapy.crawler import Crawler
from scrapy.utils.misc import load_object
from spidermon import Action, MonitorResult
from spidermon.data import Data
from spidermon.exceptions import NotConfigured
from tenacity import Retrying, stop_after_attempt
from tenacity.wait import wait_exponential

from avito_scrapy.closing import in_thread
from avito_scrapy.errors import UsageError, describe

TRIES = 3
TIMEOUT_S = 4.0
FIRST_WAIT_S = 0.5
DEADLINE_S = 15.0
"""After so long all channels are given up: a server may go on sending a byte a second for ever."""

# `_` is markup for Telegram, and Spidermon puts the text into an address as it is.
_TELEGRAM = r"{{ data.text | replace('_', '\\_') | urlencode }}"
_TEXT = "{{ data.text }}"


@dataclass(frozen=True)
class NotificationChannel:
    """An action of Spidermon's, the setting that switches it on, and its default settings."""

    switch: str
    action: str
    defaults: dict[str, Any]


CHANNELS = {
    "telegram": NotificationChannel(
        "SPIDERMON_TELEGRAM_SENDER_TOKEN",
        "spidermon.contrib.actions.telegram.SendTelegramMessage",
        {"message": _TELEGRAM},
    ),
    "slack": NotificationChannel(
        "SPIDERMON_SLACK_SENDER_TOKEN",
        "spidermon.contrib.actions.slack.SendSlackMessage",
        {"message": _TEXT, "include_attachments": False},
    ),
    "discord": NotificationChannel(
        "SPIDERMON_DISCORD_WEBHOOK_URL",
        "spidermon.contrib.actions.discord.SendDiscordMessage",
        {"message": _TEXT},
    ),
    "email": NotificationChannel(
        "SPIDERMON_EMAIL_TO",
        "avito_scrapy.monitors.smtp.SendSmtpMessage",
        {"subject": "{{ data.text.splitlines() | join(', ') }}", "body_text": _TEXT},
    ),
}
PACKAGES = {"slack_sdk": "slack-sdk"}


class NotTaken(Exception):
    """The webhook did not accept the message; the text is our own and holds no secret."""


class PostToWebhook(Action):  # type: ignore[misc]  # Spidermon has no types
    """Posts the run's part of ``health.json`` as JSON; three tries with growing waits."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def run_action(self) -> None:
        pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT_S)
        wait = wait_exponential(multiplier=FIRST_WAIT_S, max=TIMEOUT_S)
        try:
            Retrying(stop=stop_after_attempt(TRIES), wait=wait, reraise=True)(self._post, pool)
        except NotTaken as error:
            raise NotTaken(f"{error}, {TRIES} tries") from None

    def _post(self, pool: urllib3.PoolManager) -> None:
        try:
            # Its status is enough: the rest of the answer may never end.
            answer = pool.request("POST", self._url, json=self.data.payload, preload_content=False)
        except urllib3.exceptions.HTTPError as error:
            raise NotTaken(describe(error)) from None
        answer.close()
        if not 200 <= answer.status < 300:
            raise NotTaken(f"HTTP {answer.status}")


def chosen(crawler: Crawler, webhook: str | None) -> dict[str, Action]:
    """The actions that the settings ask for, by the name of their channel.

    Raises:
        UsageError: a setting of Spidermon's is missing or wrong, or a package is not there.
    """
    actions: dict[str, Action] = {}
    if webhook:
        actions["webhook"] = PostToWebhook(webhook)
    for name, channel in CHANNELS.items():
        if not crawler.settings.get(channel.switch):
            continue
        try:
            action = load_object(channel.action)
            given = action.from_crawler_kwargs(crawler)
            for option, default in channel.defaults.items():
                if given.get(option) is None and not given.get(f"{option}_template"):
                    given[option] = default
            actions[name] = action(**given)
        except ImportError as error:
            package = PACKAGES.get(str(error.name), error.name)
            raise UsageError(
                f"{channel.switch}: needs the package {package}: pip install {package}"
            ) from None
        except NotConfigured as error:  # names the setting
            raise UsageError(str(error)) from None
        except ValueError:
            family = "_".join(channel.switch.split("_")[:2])
            raise UsageError(f"{family}_...: a value is not of its kind") from None
    return actions


async def send(
    actions: dict[str, Action], result: MonitorResult, data: dict[str, Any]
) -> dict[str, str | None]:
    """Run ``actions`` side by side, for at most ``DEADLINE_S``.

    Args:
        result: of the monitors, for templates.
        data: the same: ``text``, ``payload`` and whatever Spidermon's own templates want.

    Returns:
        By channel what went wrong, None when the message was taken.
    """
    # Addresses hold secrets (Telegram's token, a webhook's path), and urllib3 logs them at DEBUG.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    tasks = {}
    for name, action in actions.items():
        action.result, action.data = result, Data(data)
        tasks[name] = in_thread(lambda action=action: _run(action))  # type: ignore[misc]
    if tasks:
        await asyncio.wait(tasks.values(), timeout=DEADLINE_S)
    late = f"no end after {DEADLINE_S:g} s"
    return {name: task.result() if task.done() else late for name, task in tasks.items()}


def _run(action: Action) -> str | None:
    try:
        action.run_action()
    except NotTaken as error:
        return str(error)
    except Exception as error:  # the run has gone well without it; the text may hold secrets
        return describe(error)
    return None
