"""Reasons in Russian, by their codes (``avito_scrapy.reasons``)."""

from __future__ import annotations

import re

from avito_scrapy.reasons import Reason

_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")

RUSSIAN: dict[str, str] = {
    # what the chat is
    "avito_chat": "служебный чат Авито или его бота",
    "unknown_chat_form": "номер чата незнакомого вида",
    "private_chat": "личный чат: ни отклика, ни объявления",
    "private_chat_gone": "личный чат, на Авито его больше нет",
    "other_item": "чат о чужом объявлении, и это не резюме",
    "applied_without_resume": "кандидат откликнулся без резюме",
    "resume_removed": "кандидат снял резюме с Авито",
    "no_application": "отклика с {since} нет; {about}",
    "no_application_of_those_received": (
        "среди полученных нет отклика с {since} (не показано Авито: {missing}); {about}"
    ),
    "no_item": "объявление в чате не названо",
    "no_item_owner": "Авито не сообщает, чьё это объявление",
    "own_vacancy": "чат о нашей вакансии",
    "item_of_unknown_kind": "неизвестно, связан ли чат с резюме",
    # what could not be read
    "chat_unreadable": "чат не прочитан: {cause}",
    "chat_not_found": "в этом аккаунте такого чата нет (404)",
    "resume_unreadable": "резюме не прочитано: {cause}",
    "contacts_unreadable": "контакты не прочитаны: {cause}",
    "naming_contacts_unreadable": "не прочитаны контакты, по которым чат мог бы найтись: {cause}",
    "item_unreadable": "неизвестно, связан ли чат с резюме: {cause}",
    "applications_unreadable": "отклики не прочитаны: {cause}",
    "applications_too_soon": "новые отклики ещё не известны: их запросит следующий запуск",
    "applications_missing": "Авито прислал номера откликов, но не сами отклики",
    "applications_endless": "список откликов Авито не заканчивается",
    "application_ids_odd": "в ответе Авито нет номеров откликов",
    "application_chats_odd": "в части откликов номер чата незнакомого вида",
    "application_resume_odd": "в отклике номер резюме незнакомого вида",
    "not_showable": "значения, которые нельзя показать: {fields}",
    "chat_list_cut": "страница списка чатов Авито не получена",
    "chat_failed": "непредвиденная ошибка в этом чате ({kind})",
    "stored_unreadable": "запись этого чата в хранилище не читается; запустите с refresh=yes",
    # why an answer is none
    "status": "Авито ответил {status}",
    "gone": "на Авито их больше нет (404)",
    "no_route": "API Авито не знает этого адреса (404)",
    "other_chat": "Авито прислал другой чат",
    "other_resume": "Авито прислал другое резюме",
    "chat_odd": "из ответа Авито не понять, о чём этот чат",
    "no_resume_in_answer": "ответ Авито — не резюме",
    "no_contacts_in_answer": "в ответе Авито нет контактов",
    "no_messages_in_answer": "в ответе нет сообщений",
    "no_account_in_answer": "Авито не называет номер аккаунта",
    "answer_unreadable": "ответ не разобран ({kind})",
    "refused_to_all": "Авито не даёт их ни для одного резюме ({status})",
    # why no answer came
    "not_sent": "запрос не отправлен ({kind})",
    "unreachable": "Авито недоступен",
    "connection_lost": "связь прервалась",
    "silence": "нет ответа {seconds} с",
    "too_large": "ответ Авито не заканчивался",
    "no_json": "ответ Авито пришёл не целиком",
    "limited": "полчаса Авито не пропускал запросы (429)",
    "no_token": "вместо ключа доступа пришёл ответ {status}",
    "tries": "{cause} (попыток: {tries})",
    # written by version 0.1.0, which knew no codes
    "text": "{text}",
}


def in_russian(reason: Reason) -> str:
    """The reason in Russian, its dates as well."""
    return _DATE.sub(r"\3.\2.\1", reason.render(RUSSIAN))
