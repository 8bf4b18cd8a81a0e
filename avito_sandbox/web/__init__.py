"""The web messenger: pages, what their scripts ask for, and the sign-in."""

from __future__ import annotations

from avito_sandbox.api.reply import Route
from avito_sandbox.web.channels import ChannelsWeb
from avito_sandbox.web.pages import PagesWeb
from avito_sandbox.web.roads import RoadsWeb
from avito_sandbox.web.sign_in import SignInWeb
from avito_sandbox.world import World


def routes(world: World) -> list[Route]:
    """Every address of the web side."""
    parts = (PagesWeb, ChannelsWeb, SignInWeb, RoadsWeb)
    return [route for part in parts for route in part(world).routes()]
