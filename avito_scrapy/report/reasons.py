"""Reasons in Russian: code, logs and ``resumes.jl`` tell them in English.

A reason is put together of phrases (what was asked for, and why it did not come); each is
translated where it stands, and one that is not known here stays as it is.
"""

from __future__ import annotations

import re

_PHRASES: tuple[tuple[str, str], ...] = (
    # the chat and what it leads to
    (r"Avito and its assistants write here", "здесь пишут Авито и его помощники"),
    (r"a private chat that Avito no longer has", "личный чат, которого у Авито больше нет"),
    (r"a private chat: no application and no item", "личный чат: ни отклика, ни объявления"),
    (r"about somebody's item that is no resume", "о чужом объявлении, которое не резюме"),
    (r"the candidate applied without a resume", "кандидат откликнулся без резюме"),
    (r"the candidate has taken the resume down", "кандидат снял резюме с Авито"),
    (r"no application since (\S+) and ", r"отклика с \1 нет; "),
    (
        r"no application since (\S+) \((\d+) that Avito lists it does not tell of\) and ",
        r"отклика с \1 нет (о скольких Авито знает, но не рассказывает: \2); ",
    ),
    (r"Avito answered with another chat", "Авито ответил другим чатом"),
    (
        r"Avito lists applications that it does not tell of",
        "Авито называет отклики, о которых не рассказывает",
    ),
    (r"the chat names no item", "объявление в чате не названо"),
    (r"Avito does not say whose item the chat is about", "чьё объявление, Авито не говорит"),
    (r"the chat is about our own vacancy", "чат о нашей вакансии"),
    # what could not be read
    (r"the chat could not be read", "чат не прочитан"),
    (r"the resume could not be read", "резюме не прочитано"),
    (r"applications could not be read", "отклики не прочитаны"),
    (r"contacts that may name the chat", "не прочитаны контакты, которые могли бы назвать чат"),
    (r"whether the chat is about a resume is not known", "неизвестно, о резюме ли чат"),
    (r"Avito knows no such chat in this account \(404\)", "в этом аккаунте такого чата нет (404)"),
    (
        r"the application does not tell its resume in a form that is known",
        "отклик называет резюме в незнакомом виде",
    ),
    (
        r"some applications do not tell their chat in a known form",
        "часть откликов называет чат в незнакомом виде",
    ),
    (
        r"Avito's answer does not tell the applications' ids",
        "в ответе Авито нет номеров откликов",
    ),
    # why not
    (r"Avito's answer was no resume", "ответ Авито — не резюме"),
    (r"Avito answered with another resume", "Авито ответил другим резюме"),
    (r"Avito's answer held no contacts", "в ответе Авито нет контактов"),
    (
        r"Avito's answer does not tell in a known form what it is about",
        "в ответе Авито незнакомым образом сказано, о чём он",
    ),
    (r"no messages in it", "в ответе нет сообщений"),
    (r"its answer could not be read", "ответ не разобран"),
    (r"the answers did not come", "ответы не пришли"),
    (r"the request could not be sent", "запрос не отправлен"),
    (r"the connection was lost", "связь прервалась"),
    (r"Avito could not be reached", "Авито недоступен"),
    (r"no answer within (\S+) s", r"нет ответа \1 с"),
    (r"Avito's answer was no whole JSON", "ответ Авито пришёл не целиком"),
    (
        r"Avito's limit of requests let nothing through for half an hour \(429\)",
        "полчаса Авито не пропускал запросы (429)",
    ),
    (
        r"the token request was answered with (\d+) and no token",
        r"вместо ключа доступа пришёл ответ \1",
    ),
    (r"Avito answered (\d+)", r"Авито ответил \1"),
    (r"\((\d+) tries\)", r"(попыток: \1)"),
)
_KNOWN = tuple((re.compile(phrase), russian) for phrase, russian in _PHRASES)


def in_russian(reason: str) -> str:
    """``reason`` with every phrase that is known in Russian."""
    for phrase, russian in _KNOWN:
        reason = phrase.sub(russian, reason)
    return reason
