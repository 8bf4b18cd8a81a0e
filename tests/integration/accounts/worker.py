"""A fleet's worker; run as a program in a project's folder.

Arguments: address of the store, minutes between cycles, how many at a time, names of accounts. With
names its cycles run ``resumes`` alone; without, it takes the accounts that are set up, with the
cycles of ``scrapy fleet work``.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from datetime import timedelta

from scrapy.utils.project import get_project_settings

from avito_scrapy import accounts
from avito_scrapy.config import Config
from avito_scrapy.fleet.queue import CYCLE, WHOLE_CYCLE
from avito_scrapy.fleet.worker import FleetWorker

COMMANDS = (("resumes", "-a", "refresh=yes"),)


def config_of(name: str) -> Config:
    settings = get_project_settings()
    settings.set("AVITO_ACCOUNT", name, priority="cmdline")
    return Config.from_settings(settings)


def main(url: str, every: str, concurrency: str, *names: str) -> None:
    logging.basicConfig(level=logging.INFO)
    worker = FleetWorker(
        url,
        config_of,
        (lambda: names) if names else accounts.names,
        every=timedelta(minutes=float(every)),
        concurrency=int(concurrency),
        cycle=COMMANDS if names else CYCLE,
        whole=COMMANDS if names else WHOLE_CYCLE,
        # By which the sandbox tells crawls of one worker from those of another.
        options=("-s", f"USER_AGENT=worker-{os.getpid()}"),
    )
    asyncio.run(worker.run())


if __name__ == "__main__":
    main(*sys.argv[1:])
