"""From a resume's and its contacts' answers to the fields of ``resumes.jl``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urljoin

from avito_scrapy.avito import phones
from avito_scrapy.avito.job_models import Contacts, Job, Resume
from avito_scrapy.avito.results import ContactsFacts, ResumeFacts
from avito_scrapy.times import to_iso


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 with zone, None when there is no time."""
    return None if moment is None else to_iso(moment)


def said(text: str | None) -> str | None:
    """``text`` as it is, None when it is blank."""
    return text if text and text.strip() else None


def clean(text: str | None) -> str | None:
    """``text`` without space around it, None when nothing is left: for ids and addresses."""
    return (text or "").strip() or None


def resume_facts(resume: Resume, resume_id: str, web_url: str, today: date) -> ResumeFacts:
    """The item fields of ``resume``; words as Avito says them.

    Args:
        resume: the answer.
        resume_id: the id that was asked for.
        web_url: address that a relative link of the resume starts from.
        today: the day that "until now" means in places of work.
    """
    params, details = resume.params, resume.address_details
    address = said(params.address) if params else None
    if address is None and details:
        address = said(details.address) or said(details.location)
    link = clean(resume.url)
    return ResumeFacts(
        resume_id=resume_id,
        resume_url=urljoin(f"{web_url}/", link) if link else None,
        title=said(resume.title),
        age=params.age if params else None,
        gender=said(params.pol) if params else None,
        address=address,
        citizenship=said(params.nationality) if params else None,
        salary=resume.salary,
        schedule=said(params.schedule) if params else None,
        education=said(params.education) if params else None,
        experience_months=experience_months(params.experience_list or (), today)
        if params
        else None,
        moving=said(params.moving) if params else None,
        is_purchased=resume.is_purchased,
        resume_updated_at=iso(resume.update_time),
    )


def experience_months(jobs: Iterable[Job | None], today: date) -> int | None:
    """Months of work in all, those of places that overlap once; None when no place has a start."""
    spans = sorted(
        (_month(job.work_start), _month(job.work_finish or today))
        for job in jobs
        if job and job.work_start
    )
    if not spans:
        return None
    months, reached = 0, spans[0][0]
    for start, finish in spans:
        months += max(0, finish - max(start, reached))
        reached = max(reached, finish)
    return months


def _month(day: date) -> int:
    return day.year * 12 + day.month


def contacts_facts(contacts: Contacts) -> ContactsFacts:
    """Name, first valid phone, e-mail and named chats of a resume's contacts."""
    entries = [(one.type, clean(one.value)) for one in contacts.contacts or () if one]
    numbers = [phones.normalise(value) for kind, value in entries if kind == "phone"]
    mails = [value for kind, value in entries if kind in ("e-mail", "email")]
    full = contacts.full_name.joined() if contacts.full_name else None
    return ContactsFacts(
        name=full or said(contacts.name),
        phone=next((number for number in numbers if number), None),
        email=next((mail for mail in mails if mail), None),
        chat_ids=[value for kind, value in entries if kind == "chat_id" and value],
    )
