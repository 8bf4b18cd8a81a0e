"""What a check found, and the words for it, in Russian and in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["ok", "note", "fault", "skipped"]
# 2 is wrong usage, as everywhere.
EXIT: dict[Level, int] = {"ok": 0, "skipped": 0, "note": 1, "fault": 3}
Lang = Literal["ru", "en"]


Text = dict[Lang, str]
"""The same in both languages, with the same places for values."""


def _(ru: str, en: str) -> Text:
    return {"ru": ru, "en": en}


MARKS: dict[str, Text] = {
    "ok": _("ok", "ok"),
    "note": _("ВАЖНО", "NOTE"),
    "fault": _("СБОЙ", "FAULT"),
    "skipped": _("-", "-"),
}

TITLES: dict[str, Text] = {
    "settings": _("Настройки", "Settings"),
    "folder": _("Папка данных", "Data folder"),
    "disk": _("Место на диске", "Disk space"),
    "store": _("Хранилище", "Store"),
    "time_zone": _("Часовой пояс", "Time zone"),
    "proxy": _("Прокси", "Proxy"),
    "token": _("Ключи API", "API keys"),
    "clock": _("Часы", "Clock"),
    "account": _("Аккаунт", "Account"),
    "messenger": _("API мессенджера", "Messenger API"),
    "applications": _("API откликов", "Applications API"),
    "resumes": _("API резюме", "Resumes API"),
    "limits": _("Лимиты API", "API limits"),
    "browser": _("Браузер", "Browser"),
    "session": _("Вход в мессенджер", "Messenger session"),
}

TEXTS: dict[str, Text] = {
    # settings, folder, disk, store, time
    "settings_ok": _("прочитаны", "read"),
    "settings_bad": _("исправьте: {problem}", "mend this: {problem}"),
    "folder_ok": _("{path}, запись возможна", "{path}, can be written"),
    "folder_bad": _(
        "{path}: записать нельзя ({problem}); дайте права или укажите другую в AVITO_DATA_DIR",
        "{path} cannot be written ({problem}); grant access or name another in AVITO_DATA_DIR",
    ),
    "folder_held": _(
        "сейчас идёт другой запуск; проверьте ещё раз после него ({problem})",
        "another run is under way; look again after it ({problem})",
    ),
    "disk_ok": _("свободно {free} МБ", "{free} MB free"),
    "disk_low": _(
        "свободно всего {free} МБ: освободите место, нужно хотя бы {need} МБ",
        "only {free} MB free: make room, at least {need} MB are needed",
    ),
    "store_ok": _("{url}, версия схемы {version}", "{url}, schema version {version}"),
    "store_unreadable": _(
        "{url}: записей, которые не читаются: {count}; их чаты запросит заново "
        "scrapy crawl resumes -a refresh=yes",
        "{url}: records that cannot be read: {count}; "
        "scrapy crawl resumes -a refresh=yes asks for their chats anew",
    ),
    "store_bad": _("не открывается: {problem}", "cannot be opened: {problem}"),
    "time_zone_ok": _("{zone}, сейчас там {now}", "{zone}, it is {now} there"),
    # the API
    "token_ok": _(
        "приняты, токен на {hours} ч получен (проверка его не хранит)",
        "accepted, a token for {hours} h obtained (not kept)",
    ),
    "token_unset": _(
        "не заданы: впишите AVITO_CLIENT_ID и AVITO_CLIENT_SECRET в .env "
        "(кабинет Авито → Для бизнеса → API)",
        "not set: put AVITO_CLIENT_ID and AVITO_CLIENT_SECRET into .env "
        "(Avito's cabinet, for business, API)",
    ),
    "token_refused": _(
        "Авито их не принимает (HTTP {status}): проверьте AVITO_CLIENT_ID и AVITO_CLIENT_SECRET",
        "Avito does not accept them (HTTP {status}): check AVITO_CLIENT_ID and AVITO_CLIENT_SECRET",
    ),
    "unreachable": _(
        "{host} не отвечает ({problem}): проверьте сеть и AVITO_API_URL",
        "no answer from {host} ({problem}): check the network and AVITO_API_URL",
    ),
    "odd_answer": _(
        "неожиданный ответ (HTTP {status}): повторите позже; если не пройдёт, API изменился",
        "an unexpected answer (HTTP {status}): try later; if it stays, the API has changed",
    ),
    "clock_ok": _("расхождение с Авито {seconds} с", "{seconds} s apart from Avito's"),
    "clock_off": _(
        "расходятся с часами Авито на {seconds} с: включите синхронизацию времени",
        "{seconds} s apart from Avito's: switch time synchronisation on",
    ),
    "clock_unknown": _("Авито не сообщил время", "Avito did not tell the time"),
    "account_ok": _("{id}, {name}", "{id}, {name}"),
    "account_other": _(
        "ключи аккаунта {id}, а папка данных аккаунта {owner}: каждому своя папка (AVITO_DATA_DIR) "
        "или своё имя (AVITO_ACCOUNT)",
        "the keys are account {id}'s and the data folder account {owner}'s: give each a folder "
        "(AVITO_DATA_DIR) or a name (AVITO_ACCOUNT)",
    ),
    "api_ok": _("доступен", "allowed"),
    "api_busy": _(
        "лимит запросов исчерпан (429), вероятно, идёт запуск; проверьте ещё раз после него",
        "the limit of requests is used up (429), probably by a run; look again after it",
    ),
    "proxy_used": _(
        "запросы к API и ключи идут через {proxy} (http_proxy или https_proxy в окружении)",
        "requests to the API and the keys go through {proxy} (http_proxy or https_proxy is set)",
    ),
    "proxy_bad": _(
        "адрес в http_proxy или https_proxy не читается: исправьте его",
        "the address in http_proxy or https_proxy cannot be read: mend it",
    ),
    "api_402": _(
        "подписка не включает этот API (402): нужна «Максимальная»",
        "the subscription does not include this API (402): «Максимальная» is needed",
    ),
    "api_403": _(
        "нет доступа (403): сотруднику компании нужен AVITO_EMPLOYEE_OF, "
        "приложению — право на этот API",
        "no access (403): an employee of a company needs AVITO_EMPLOYEE_OF, "
        "the application a right to this API",
    ),
    "limits_ok": _("запросов в минуту: {limits}", "requests a minute: {limits}"),
    "limits_low": _(
        "запросов в минуту: {limits}; меньше обычных 600, запуски пойдут дольше",
        "requests a minute: {limits}; less than the usual 600, runs will take longer",
    ),
    "limits_unknown": _(
        "сервер их не назвал; считаем 10 запросов в секунду на метод",
        "the server does not state any; taken as 10 requests a second for each method",
    ),
    "not_looked": _(
        "не проверено: сначала исправьте то, что выше", "not looked at: first mend what is above"
    ),
    # the browser
    "browser_late": _(
        "{path} не ответил за {seconds:.0f} с: закройте другие программы и повторите",
        "{path} has not answered within {seconds:.0f} s: close other programs and try again",
    ),
    "browser_ok": _("{path}, версия {version}", "{path}, version {version}"),
    "browser_bad": _("{problem}", "{problem}"),
    "session_ok": _("список чатов открывается", "the list of chats opens"),
    "login_required": _("входа нет: выполните scrapy login", "signed out: run scrapy login"),
    "blocked": _(
        "Авито отказывает этому браузеру или просит проверку: откройте мессенджер через "
        "scrapy login, подождите и попробуйте позже",
        "Avito refuses this browser or asks for a check: open the messenger with scrapy login, "
        "wait and try later",
    ),
    "web_unreachable": _(
        "{host} не открывается: проверьте сеть и AVITO_WEB_URL",
        "{host} does not open: check the network and AVITO_WEB_URL",
    ),
    "no_list": _(
        "страница открылась, но списка чатов на ней нет: повторите позже; если не пройдёт, "
        "страница изменилась",
        "the page opens but shows no list of chats: try later; if it stays, the page has changed",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's.

    ``level``: ``note`` is worth a look, a run works all the same; ``fault`` is what a run would
    fail on; ``skipped`` could not be looked at because of an earlier fault.
    """

    level: Level
    check: str
    """A key of ``TITLES``."""
    text: str
    """A key of ``TEXTS``; the place for its values is ``values``."""
    values: Mapping[str, object] = field(default_factory=dict)

    def line(self, lang: Lang) -> str:
        """The line in ``lang``."""
        mark, title = MARKS[self.level][lang], TITLES[self.check][lang]
        return f"{mark:<6} {title}: {TEXTS[self.text][lang].format(**self.values)}"


def exit_status(findings: Iterable[Finding]) -> int:
    """By the worst of ``findings``: 0 all well, 1 something to look at, 3 a fault."""
    return max((EXIT[finding.level] for finding in findings), default=0)
