"""Contacts and the money they cost."""

from __future__ import annotations

from avito_sandbox.api.reply import Refusal
from avito_sandbox.dates import zulu
from avito_sandbox.model import JSON, Resume
from avito_sandbox.world import World


def contacts(world: World, resume: Resume, company: bool) -> JSON:
    """The contacts; bought from the package unless bought before or come with an application.

    Raises Refusal 403 when the employer is not verified, 402 when the package is empty.
    """
    bought_before = resume.purchased and company
    if bought_before or (resume.from_application and company):
        world.counters.contacts_free += 1
        return {**resume.contacts.body, "already_bought": bought_before}
    if not world.scenario.verified:
        raise Refusal(403, "Employer verification required")
    if world.package <= 0:
        raise Refusal(402, "Payment required")
    world.package -= 1
    resume.purchased = True
    world.counters.bought.append(resume.id)
    world.ledger.append({"resume_id": str(resume.id), "at": zulu(int(world.now()))})
    return {**resume.contacts.body, "already_bought": False}
