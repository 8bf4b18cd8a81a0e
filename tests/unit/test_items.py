"""The fields of lines, and what fills and shows them."""

from __future__ import annotations

from importlib import resources

from avito_scrapy.avito.results import ResumeFacts
from avito_scrapy.items import RESUME_FIELDS
from avito_scrapy.report.texts import LANGUAGES

# As programs read them from `resumes.jl`, and as a checkpoint keeps them: new ones come behind.
LINE = (
    "chat_id chat_url chat_type user_id item_id user_name item_title last_message last_message_at "
    "last_message_direction is_unread position collected_at outcome reason match resume_id "
    "resume_url title full_name phone email age gender address citizenship salary schedule "
    "education experience_months moving is_purchased resume_updated_at vacancy_id application_id "
    "applied_at chat_status waiting_since fetched_at from_store is_active"
)
FACTS = (
    "resume_id resume_url title age gender address citizenship salary schedule education "
    "experience_months moving is_purchased resume_updated_at is_active"
)


def test_what_a_resume_tells_has_a_field_in_its_line() -> None:
    assert set(ResumeFacts._fields) <= set(RESUME_FIELDS)


def test_fields_keep_their_order() -> None:
    assert " ".join(ResumeFacts._fields).startswith(FACTS)
    assert " ".join(RESUME_FIELDS).startswith(LINE)


def test_every_heading_is_of_a_column() -> None:
    report = resources.files("avito_scrapy.report")
    code = "".join(
        file.read_text(encoding="utf-8") for file in report.iterdir() if file.name.endswith(".py")
    )
    headings = [key for key in LANGUAGES["ru"] if key.startswith("col.")]
    assert [key for key in headings if f'"{key[4:]}"' not in code and key not in code] == []
