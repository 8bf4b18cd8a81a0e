"""The budget of a resumes run and the ledger of what it buys."""

from __future__ import annotations

import logging

from avito_scrapy.avito.results import ContactsFacts, Failure, NotFound, Reply, ResumeFacts
from avito_scrapy.store.purchases import Purchases

logger = logging.getLogger(__name__)
_REFUSED = {
    402: "the package of contacts is empty (402)",
    403: "Avito wants the employer to be verified first (403)",
}


class Purse:
    """Buys no more than the budget; what a killed run has spent of it counts.

    Each purchase is in the ledger before its request is sent. While nobody knows whether Avito
    took the money it counts as spent.

    Args:
        purchases: the ledger.
        run_id: of this run.
        account_id: whose money it is.
        budget: most contacts to buy, since the last run that finished.
    """

    def __init__(self, purchases: Purchases, run_id: int, account_id: int, budget: int) -> None:
        self._purchases = purchases
        self._run_id = run_id
        self._account_id = account_id
        self._budget = budget
        self.closed: str | None = None
        """Why nothing more can be bought, in one line."""
        self.bought = 0
        """How many this run has bought."""

    def unsettled(self) -> list[str]:
        """Resumes that a run intended to buy and did not live to see."""
        return [
            one.resume_id for one in self._purchases.intended(self._account_id) if one.resume_id
        ]

    def settle(self, reply: Reply, resume_id: str) -> bool:
        """Close the ledger's open lines of a resume by what Avito says of it now.

        Returns:
            whether Avito told.
        """
        if not isinstance(reply, ResumeFacts) or reply.is_purchased is None:
            return False
        for one in self._purchases.intended(self._account_id):
            if one.resume_id == resume_id:
                self._purchases.settle(one.id, "bought" if reply.is_purchased else "not_bought")
                self.bought += reply.is_purchased and one.run_id == self._run_id
        return True

    def left(self) -> int:
        """How many may still be bought."""
        if self.closed:
            return 0
        return max(0, self._budget - self._purchases.open_budget_spent(self._account_id))

    def intend(self, resume_id: str, chat_id: str) -> int:
        """Write down that a contact is about to be bought; gives the line's number."""
        return self._purchases.intend(self._run_id, self._account_id, resume_id, chat_id)

    def take(self, line: int, reply: Reply) -> bool:
        """Write down what came of a purchase.

        Returns:
            whether the answer tells.
        """
        if isinstance(reply, ContactsFacts):
            self._purchases.settle(line, "bought")
            self.bought += 1
            return True
        refusal = _REFUSED.get(reply.status or 0) if isinstance(reply, Failure) else None
        if refusal is None and not isinstance(reply, NotFound):
            return False
        self._purchases.settle(line, "not_bought")
        self.closed = refusal
        return True

    def announce(self, for_sale: int) -> None:
        """Say what would be bought before anything is."""
        left = self.left()
        logger.info(
            "Contacts: %d could be bought; budget %d, spent of it by an unfinished run %d: "
            "buying %d",
            for_sale, self._budget, self._budget - left, min(left, for_sale),
        )  # fmt: skip
