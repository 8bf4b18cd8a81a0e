"""Scrapy settings, in the order of Scrapy's project template; each deviation says why.

Each AVITO_* setting is also an environment variable of the same name; a ``.env`` file in the
current folder is read too, the environment wins over it, and ``-s NAME=value`` wins over both.
docs/settings.md explains them one by one.
"""

import os

from avito_scrapy.environment import readable_env_file

BOT_NAME = "avito_scrapy"

SPIDER_MODULES = ["avito_scrapy.spiders"]
NEWSPIDER_MODULE = "avito_scrapy.spiders"
# `scrapy crawl` with an exit status, and the project's own commands.
COMMANDS_MODULE = "avito_scrapy.commands"

ADDONS: dict[str, int] = {}

# The browser and the HTTP client speak for themselves: nothing is disguised and nothing added.
USER_AGENT = None

# An employer's own account and an official API: robots.txt speaks to crawlers of public pages.
ROBOTSTXT_OBEY = False

# Concurrency and pace. Avito allows 10 requests a second for each API method, so each method
# has a slot of its own (DOWNLOAD_SLOTS in the resumes spider) with this delay as its floor.
CONCURRENT_REQUESTS = 20
CONCURRENT_REQUESTS_PER_DOMAIN = 20
DOWNLOAD_DELAY = 0.1
# Jitter costs a fifth of the rate and protects nobody here: the limit is per second.
DOWNLOAD_DELAY_JITTER = 0
# One answer takes well under a second; silence is a fault, to be met with another try.
DOWNLOAD_TIMEOUT = 15

# The API has no cookies; the browser keeps its own.
COOKIES_ENABLED = False

# Both open a port that executes code.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    # The API's: sign-in outside of retries, so that it sees proper answers only.
    "avito_scrapy.downloadermiddlewares.oauth.OAuth": 540,
    "avito_scrapy.downloadermiddlewares.retry.ApiRetry": 545,
}

EXTENSIONS: dict[str, int | None] = {
    # progress says the same for a person
    "scrapy.extensions.logstats.LogStats": None,
    # Before the store: its line of the run is finished when the files are in place.
    "avito_scrapy.extensions.outputs.OutputFiles": 8,
    "avito_scrapy.extensions.storage.StoreExtension": 10,
    "avito_scrapy.extensions.progress.Progress": 30,
    "avito_scrapy.extensions.throttle.RateLimitThrottle": 40,
    "avito_scrapy.extensions.drift.Drift": 80,
    "avito_scrapy.extensions.health.Health": 90,
}

ITEM_PIPELINES: dict[str, int] = {
    "avito_scrapy.pipelines.DedupePipeline": 100,
    "avito_scrapy.pipelines.StorePipeline": 200,
    "avito_scrapy.pipelines.WorkbookPipeline": 300,
}

AUTOTHROTTLE_ENABLED = True
# Start at the allowed rate: the limit is known, not to be felt for.
AUTOTHROTTLE_START_DELAY = DOWNLOAD_DELAY
AUTOTHROTTLE_TARGET_CONCURRENCY = CONCURRENT_REQUESTS

# Tries after the first; waits between them grow (downloadermiddlewares/retry.py).
RETRY_TIMES = 9

# Items hold names and phones: the default formatter would log them.
LOG_FORMATTER = "avito_scrapy.logformatter.PrivateLogFormatter"
LOG_LEVEL = "INFO"

FEED_EXPORT_ENCODING = "utf-8"

# The project's own settings.
_given = {**readable_env_file(), **os.environ}


def _setting(name: str, default: str = "") -> str:
    return _given.get(name) or default


# One of several accounts: its keys are in accounts/NAME.env, its files in AVITO_DATA_DIR/NAME.
AVITO_ACCOUNT = _setting("AVITO_ACCOUNT")
AVITO_CLIENT_ID = _setting("AVITO_CLIENT_ID")
AVITO_CLIENT_SECRET = _setting("AVITO_CLIENT_SECRET")
AVITO_API_URL = _setting("AVITO_API_URL", "https://api.avito.ru")
AVITO_WEB_URL = _setting("AVITO_WEB_URL", "https://www.avito.ru")
AVITO_DATA_DIR = _setting("AVITO_DATA_DIR", ".")
AVITO_STORE_URL = _setting("AVITO_STORE_URL", "sqlite:///.avito/store.db")
AVITO_PROFILE_DIR = _setting("AVITO_PROFILE_DIR", ".avito/profile")
AVITO_STORAGE_STATE = _setting("AVITO_STORAGE_STATE")
AVITO_BROWSER = _setting("AVITO_BROWSER")
AVITO_HEADLESS = _setting("AVITO_HEADLESS", "true")
AVITO_TZ = _setting("AVITO_TZ", "Europe/Moscow")
AVITO_EMPLOYEE_OF = _setting("AVITO_EMPLOYEE_OF")
# How old a stored resume may be before it is asked for again, in days.
AVITO_RESUME_MAX_AGE_DAYS = _setting("AVITO_RESUME_MAX_AGE_DAYS", "7")
# From when on a run that finished counts as unwell (monitors/monitors.py): a number, or `off`.
AVITO_HEALTH_MAX_FAILED_SHARE = _setting("AVITO_HEALTH_MAX_FAILED_SHARE", "0.2")
AVITO_HEALTH_MAX_CONTACTS_UNREAD_SHARE = _setting("AVITO_HEALTH_MAX_CONTACTS_UNREAD_SHARE", "0.2")
AVITO_HEALTH_MAX_CHATS_DROP = _setting("AVITO_HEALTH_MAX_CHATS_DROP", "0.3")
AVITO_HEALTH_MAX_DRIFT = _setting("AVITO_HEALTH_MAX_DRIFT", "0")
AVITO_HEALTH_MAX_429_SHARE = _setting("AVITO_HEALTH_MAX_429_SHARE", "0.2")
AVITO_HEALTH_MAX_BOUGHT = _setting("AVITO_HEALTH_MAX_BOUGHT", "budget")
# Let nothing else of the account run beside, on whichever machine: what a fleet's cycles do.
AVITO_ALONE = _setting("AVITO_ALONE", "false")
# How often each account of a fleet has a cycle, in minutes.
AVITO_FLEET_EVERY = _setting("AVITO_FLEET_EVERY", "5")
# `scrapy dashboard` for others than this computer: what they sign in with.
AVITO_DASHBOARD_PASSWORD = _setting("AVITO_DASHBOARD_PASSWORD")
# A file of one's own with the outcomes of calls and what each does to the call list.
AVITO_CALL_OUTCOMES = _setting("AVITO_CALL_OUTCOMES")
# Told about the end of every run: figures and nobody's data.
AVITO_WEBHOOK_URL = _setting("AVITO_WEBHOOK_URL")
# For runs every few minutes: a message only of people who newly wait for an answer, or of a run
# that did not go well.
AVITO_NOTIFY_NEW = _setting("AVITO_NOTIFY_NEW", "false")

# Spidermon's own for Telegram, Slack, Discord and e-mail (docs/settings.md): tokens belong into the
# environment as well.
vars().update({name: value for name, value in _given.items() if name.startswith("SPIDERMON_")})
