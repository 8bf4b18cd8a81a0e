"""Contacts and what they cost; methods that write."""

from __future__ import annotations

from avito_sandbox import Sandbox, Scenario
from avito_sandbox.model import Chat
from tests.unit.sandbox.client import Reply, SandboxClient, some


def _contacts(api: SandboxClient, chat: Chat) -> Reply:
    assert chat.resume
    return api.get(f"/job/v1/resumes/{chat.resume.id}/contacts/")


def test_contacts_cost_money_only_where_they_do() -> None:
    with Sandbox(Scenario(chats=600, rate_limit_rps=None, package=1)) as sandbox:
        api = SandboxClient(sandbox)
        assert _contacts(api, some(sandbox, "purchased")).json["already_bought"] is True
        assert _contacts(api, some(sandbox, "application")).json["already_bought"] is False
        assert sandbox.ledger() == []
        paid = [c for c in sandbox.world.chats if c.kind == "unpurchased" and c.resume]
        first, second = [c for c in paid if c.resume and not c.resume.removed][:2]
        assert first.resume
        assert sandbox.truth()[sandbox.world.chats.index(first)]["phone"] is None
        assert _contacts(api, first).json["already_bought"] is False
        assert _contacts(api, first).json["already_bought"] is True  # not twice
        assert _contacts(api, second).status == 402
        assert [one["resume_id"] for one in sandbox.ledger()] == [str(first.resume.id)]
        counters = sandbox.counters()
        assert counters["contacts_bought_ids"] == [first.resume.id]
        assert counters["contacts_free"] == 3
        told = sandbox.truth()[sandbox.world.chats.index(first)]
        assert told["phone"] == first.resume.contacts.phone


def test_contacts_of_the_unverified() -> None:
    with Sandbox(Scenario(chats=600, verified=False, package=5)) as sandbox:
        api = SandboxClient(sandbox)
        assert _contacts(api, some(sandbox, "unpurchased")).status == 403
        assert _contacts(api, some(sandbox, "purchased")).status == 200
        assert sandbox.ledger() == []


def test_a_removed_resume_is_404() -> None:
    with Sandbox(Scenario(chats=300)) as sandbox:
        api = SandboxClient(sandbox)
        chat = next(c for c in sandbox.world.chats if c.resume and c.resume.removed)
        assert chat.resume
        assert api.get(f"/job/v2/resumes/{chat.resume.id}").status == 404
        assert _contacts(api, chat).status == 404


def test_writing_is_found_out() -> None:
    with Sandbox(Scenario(chats=30)) as sandbox:
        api = SandboxClient(sandbox)
        chat = sandbox.world.chats[0].id
        base = f"/messenger/v1/accounts/{sandbox.world.account_id}/chats/{chat}"
        assert api.post(f"{base}/read", {}).json == {"ok": True}
        assert api.post(f"{base}/messages", {"message": {"text": "x"}}).status == 200
        counters = sandbox.counters()
        assert counters["chats_opened"] == counters["chats_marked_read"] == 1
        assert counters["messages_sent"] == 1
        assert counters["requests"]["mark_read"] == 1
