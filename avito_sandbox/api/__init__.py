"""The API: `api.avito.ru` as its published documents and Avito's notes describe it."""

from __future__ import annotations

from avito_sandbox.api.auth import AuthApi
from avito_sandbox.api.items import ItemsApi
from avito_sandbox.api.job import JobApi
from avito_sandbox.api.messenger import MessengerApi
from avito_sandbox.api.reply import Route
from avito_sandbox.api.violations import ViolationsApi
from avito_sandbox.world import World


def routes(world: World) -> list[Route]:
    """Every API method: its name, verb, path and handler."""
    return [
        route
        for part in (AuthApi, ItemsApi, MessengerApi, JobApi, ViolationsApi)
        for route in part(world).routes()
    ]


__all__ = ["Route", "routes"]
