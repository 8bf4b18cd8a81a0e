"""The probe with a store."""

from __future__ import annotations

from tests.integration.health.probe import ProbeSpider


class KeeperSpider(ProbeSpider):
    """Needs the store before anything else."""

    uses_store = True
