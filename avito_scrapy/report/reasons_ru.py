"""Reasons in Russian, by their codes (``avito_scrapy.reasons``)."""

RUSSIAN: dict[str, str] = {
    # what the chat is
    "avito_chat": "здесь пишут Авито и его помощники",
    "unknown_chat_form": "номер чата незнакомого вида",
    "private_chat": "личный чат: ни отклика, ни объявления",
    "private_chat_gone": "личный чат, которого у Авито больше нет",
    "other_item": "о чужом объявлении, которое не резюме",
    "applied_without_resume": "кандидат откликнулся без резюме",
    "resume_removed": "кандидат снял резюме с Авито",
    "no_application": "отклика с {since} нет; {about}",
    "no_application_of_those_told": (
        "отклика с {since} нет (о скольких Авито знает, но не рассказывает: {untold}); {about}"
    ),
    "no_item": "объявление в чате не названо",
    "no_item_owner": "чьё объявление, Авито не говорит",
    "own_vacancy": "чат о нашей вакансии",
    "item_of_unknown_kind": "неизвестно, о резюме ли чат",
    # what could not be read
    "chat_unreadable": "чат не прочитан: {cause}",
    "chat_not_found": "в этом аккаунте такого чата нет (404)",
    "resume_unreadable": "резюме не прочитано: {cause}",
    "contacts_unreadable": "контакты не прочитаны: {cause}",
    "naming_contacts_unreadable": "не прочитаны контакты, которые могли бы назвать чат: {cause}",
    "item_unreadable": "неизвестно, о резюме ли чат: {cause}",
    "applications_unreadable": "отклики не прочитаны: {cause}",
    "applications_untold": "Авито называет отклики, о которых не рассказывает",
    "application_ids_odd": "в ответе Авито нет номеров откликов",
    "application_chats_odd": "часть откликов называет чат в незнакомом виде",
    "application_resume_odd": "отклик называет резюме в незнакомом виде",
    "not_showable": "значения, которые нельзя показать: {fields}",
    "chat_failed": "с этим чатом случилось непредвиденное ({kind})",
    "stored_unreadable": "запись этого чата в хранилище не читается; запустите с refresh=yes",
    # why an answer is none
    "status": "Авито ответил {status}",
    "gone": "у Авито их больше нет (404)",
    "other_chat": "Авито ответил другим чатом",
    "other_resume": "Авито ответил другим резюме",
    "chat_odd": "в ответе Авито незнакомым образом сказано, о чём он",
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
    "no_json": "ответ Авито пришёл не целиком",
    "limited": "полчаса Авито не пропускал запросы (429)",
    "no_token": "вместо ключа доступа пришёл ответ {status}",
    "tries": "{cause} (попыток: {tries})",
    # written by version 0.1.0, which knew no codes
    "text": "{text}",
}
