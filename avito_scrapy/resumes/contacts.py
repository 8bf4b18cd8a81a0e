"""Contacts of resumes: which chats they name, whether they can be read at all, and buying them.

Contacts are bought under a budget, one at a time, each in the ledger before it is requested.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from avito_scrapy.avito.endpoints import REFUSALS_BELIEVED
from avito_scrapy.avito.results import ContactsFacts, Failure, NotFound, Reply, ResumeFacts
from avito_scrapy.reasons import Reason
from avito_scrapy.store.runs import Purchases

logger = logging.getLogger(__name__)
LAST_WAIT_S = 10.0
"""How long a run that is told to end waits for the answer to its last purchase."""
_REFUSED = {
    402: "the package of contacts is empty (402)",
    403: "Avito wants the employer to be verified first (403)",
}


class ContactsSoFar:
    """Which chats contacts name, and what could not be read.

    Attributes:
        unread: why some contacts were not read; they may have named any chat.
        refused_to_all: the status with which contacts of every resume are refused.
    """

    def __init__(self, chats: Collection[str]) -> None:
        self.unread: Reason | None = None
        self.refused_to_all: int | None = None
        self._chats = chats
        self._named: dict[str, str | None] = {}
        self._refused: set[str] = set()
        self._granted = False

    def take(self, resume_id: str, contacts: Reply) -> None:
        """Take in the answer about a resume's contacts."""
        self.note_failure(contacts)
        if isinstance(contacts, ContactsFacts):
            self._granted = True
            self.name(resume_id, contacts.chat_ids)
        elif isinstance(contacts, Failure) and contacts.status in (402, 403):
            self._refused.add(resume_id)
            if len(self._refused) >= REFUSALS_BELIEVED and not self._granted:
                # The employer is not verified, say: no contacts can be read, free or not.
                self.refused_to_all = contacts.status

    def note_failure(self, reply: Reply) -> None:
        """Remember that contacts, or the resume they belong to, were not read."""
        if isinstance(reply, Failure) and not reply.status:
            self.unread = reply.reason

    def name(self, resume_id: str, chat_ids: Iterable[str]) -> None:
        """Note that a resume's contacts name these chats."""
        for chat_id in chat_ids:
            if chat_id in self._chats and self._named.setdefault(chat_id, resume_id) != resume_id:
                self._named[chat_id] = None  # two resumes name it: neither is known to be right

    def naming(self, chat_id: str) -> str | None:
        """The resume whose contacts name a chat, if exactly one is known to."""
        return self._named.get(chat_id)


class PurchasesClient(Protocol):
    """Requests that purchases need; see ``AvitoClient``."""

    async def contacts(self, resume_id: str) -> Reply: ...

    async def resume(self, resume_id: str, *, anew: bool = False) -> Reply: ...

    def has_contacts(self, resume_id: str) -> bool: ...


@dataclass
class ContactPurchases:
    """Buys no more than the budget; what an unfinished run has spent of it counts.

    While nobody knows whether Avito took the money for a purchase it counts as spent.

    Attributes:
        ledger: the purchases of all runs.
        client: asks Avito.
        run_id: of this run.
        account_id: whose money it is.
        budget: most contacts to buy, since the last run that finished.
        count: called with the number of contacts that this run has bought.
        closing: whether the run has been told to end; nothing is bought then.
        closed: why nothing more can be bought, in one line.
        bought: how many this run has bought.
    """

    ledger: Purchases
    client: PurchasesClient
    run_id: int
    account_id: int
    budget: int
    count: Callable[[int], None]
    closing: Callable[[], bool] = lambda: False
    closed: str | None = None
    bought: int = 0

    async def settle_unfinished(self) -> None:
        """Settle purchases whose answers earlier runs did not receive."""
        for purchase in self.ledger.intended(self.account_id):
            if purchase.resume_id:
                await self._settle_by_resume(purchase.resume_id)

    def left(self) -> int:
        """How many may still be bought."""
        if self.closed:
            return 0
        return max(0, self.budget - self.ledger.open_budget_spent(self.account_id))

    def announce(self, for_sale: int) -> None:
        """Log what would be bought, before the first purchase."""
        left = self.left()
        logger.info(
            "Contacts: %d could be bought; budget %d, spent of it by an unfinished run %d: "
            "buying %d",
            for_sale, self.budget, self.budget - left, min(left, for_sale),
        )  # fmt: skip

    async def buy(self, resume_id: str, chat_id: str) -> Reply | None:
        """The contacts of a resume, bought for the sake of a chat; None when they are not."""
        if self.client.has_contacts(resume_id):  # bought by a run that was killed
            return await self.client.contacts(resume_id)
        if self.closing():
            raise asyncio.CancelledError
        if not self.left():
            return None
        purchase_id = self.ledger.intend(self.run_id, self.account_id, resume_id, chat_id)
        purchase = asyncio.ensure_future(self._buy(purchase_id, resume_id))
        try:
            return await asyncio.shield(purchase)
        except asyncio.CancelledError:
            # The money may be spent: what came of it is written down before the run ends.
            await asyncio.wait({purchase}, timeout=LAST_WAIT_S)
            if not purchase.cancel() and not purchase.cancelled() and purchase.exception():
                logger.error("A purchase was not written down: %s", purchase.exception())
            raise

    async def _buy(self, purchase_id: int, resume_id: str) -> Reply:
        reply = await self.client.contacts(resume_id)
        if isinstance(reply, ContactsFacts):
            self.ledger.settle(purchase_id, "bought")
            self._add_bought()
        elif isinstance(reply, Failure) and reply.status in _REFUSED:
            self.ledger.settle(purchase_id, "not_bought")
            self.closed = _REFUSED[reply.status]
            logger.warning("Nothing more is bought: %s", self.closed)
        elif isinstance(reply, NotFound):
            self.ledger.settle(purchase_id, "not_bought")
        else:
            await self._settle_by_resume(resume_id)
        return reply

    async def _settle_by_resume(self, resume_id: str) -> None:
        """Close the open purchases of a resume by what Avito says of it now, if it says."""
        resume = await self.client.resume(resume_id, anew=True)
        if not isinstance(resume, ResumeFacts) or resume.is_purchased is None:
            return
        for purchase in self.ledger.intended(self.account_id):
            if purchase.resume_id == resume_id:
                state = "bought" if resume.is_purchased else "not_bought"
                self.ledger.settle(purchase.id, state)  # type: ignore[arg-type]
                if resume.is_purchased and purchase.run_id == self.run_id:
                    self._add_bought()

    def _add_bought(self) -> None:
        self.bought += 1
        self.count(self.bought)
