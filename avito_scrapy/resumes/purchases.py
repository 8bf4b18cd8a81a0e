"""Buying contacts under a budget: one at a time, each in the ledger before it is requested."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from avito_scrapy.avito.results import ContactsFacts, Failure, NotFound, Reply, ResumeFacts
from avito_scrapy.store.runs import Purchases

logger = logging.getLogger(__name__)
LAST_WAIT_S = 10.0
"""How long a run that is told to end waits for the answer to its last purchase."""
_REFUSED = {
    402: "the package of contacts is empty (402)",
    403: "Avito wants the employer to be verified first (403)",
}


class PurchasesClient(Protocol):
    """Requests that purchases need."""

    async def contacts(self, resume_id: str) -> Reply:
        """The contacts of a resume: this is what costs money."""

    async def resume(self, resume_id: str, *, anew: bool = False) -> Reply:
        """A resume, which tells whether its contacts are bought."""

    def has_contacts(self, resume_id: str) -> bool:
        """Whether its contacts are known already."""


class ContactPurchases:
    """Buys no more than the budget; what an unfinished run has spent of it counts.

    While nobody knows whether Avito took the money for a purchase it counts as spent.

    Args:
        ledger: the purchases of all runs.
        client: asks Avito.
        run_id: of this run.
        account_id: whose money it is.
        budget: most contacts to buy, since the last run that finished.
        count: called with the number of contacts that this run has bought.
        closing: whether the run has been told to end; nothing is bought then.
    """

    def __init__(
        self,
        ledger: Purchases,
        client: PurchasesClient,
        run_id: int,
        account_id: int,
        budget: int,
        count: Callable[[int], None],
        closing: Callable[[], bool] = lambda: False,
    ) -> None:
        self._ledger = ledger
        self._client = client
        self._run_id = run_id
        self._account_id = account_id
        self._budget = budget
        self._count = count
        self._closing = closing
        self.closed: str | None = None
        """Why nothing more can be bought, in one line."""
        self.bought = 0
        """How many this run has bought."""

    async def settle_unfinished(self) -> None:
        """Settle purchases whose answers earlier runs did not receive."""
        for purchase in self._ledger.intended(self._account_id):
            if purchase.resume_id:
                await self._settle_by_resume(purchase.resume_id)

    def left(self) -> int:
        """How many may still be bought."""
        if self.closed:
            return 0
        return max(0, self._budget - self._ledger.open_budget_spent(self._account_id))

    def announce(self, for_sale: int) -> None:
        """Log what would be bought, before the first purchase."""
        left = self.left()
        logger.info(
            "Contacts: %d could be bought; budget %d, spent of it by an unfinished run %d: "
            "buying %d",
            for_sale, self._budget, self._budget - left, min(left, for_sale),
        )  # fmt: skip

    async def buy(self, resume_id: str, chat_id: str) -> Reply | None:
        """The contacts of a resume; None when they are not bought.

        Args:
            resume_id: whose contacts.
            chat_id: a chat for whose sake.
        """
        if self._client.has_contacts(resume_id):  # bought by a run that was killed
            return await self._client.contacts(resume_id)
        if self._closing():
            raise asyncio.CancelledError
        if not self.left():
            return None
        purchase_id = self._ledger.intend(self._run_id, self._account_id, resume_id, chat_id)
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
        reply = await self._client.contacts(resume_id)
        if isinstance(reply, ContactsFacts):
            self._ledger.settle(purchase_id, "bought")
            self._add_bought()
        elif isinstance(reply, Failure) and reply.status in _REFUSED:
            self._ledger.settle(purchase_id, "not_bought")
            self.closed = _REFUSED[reply.status]
            logger.warning("Nothing more is bought: %s", self.closed)
        elif isinstance(reply, NotFound):
            self._ledger.settle(purchase_id, "not_bought")
        else:
            await self._settle_by_resume(resume_id)
        return reply

    async def _settle_by_resume(self, resume_id: str) -> None:
        """Close the open purchases of a resume by what Avito says of it now, if it says."""
        resume = await self._client.resume(resume_id, anew=True)
        if not isinstance(resume, ResumeFacts) or resume.is_purchased is None:
            return
        for purchase in self._ledger.intended(self._account_id):
            if purchase.resume_id == resume_id:
                state = "bought" if resume.is_purchased else "not_bought"
                self._ledger.settle(purchase.id, state)  # type: ignore[arg-type]
                if resume.is_purchased and purchase.run_id == self._run_id:
                    self._add_bought()

    def _add_bought(self) -> None:
        self.bought += 1
        self._count(self.bought)
