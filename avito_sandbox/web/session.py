"""Who may see the pages."""

from __future__ import annotations

from importlib import resources

from aiohttp import web

from avito_sandbox.world import World

LOGIN = "/#login?authsrc=h&next=%2Fprofile%2Fmessenger"


def signed_in(world: World, request: web.Request) -> bool:
    """Whether the request belongs to somebody who is signed in."""
    session = world.scenario.session
    if session == "open":
        return not world.signed_out
    return session == "cookie" and request.cookies.get("sessid") in world.sessions


def refused(world: World) -> bool:
    """Whether Avito refuses by now."""
    return world.scenario.refuse != "none" and world.loads >= world.scenario.refuse_after


def template(name: str) -> str:
    """A page of the package."""
    return resources.files("avito_sandbox.web").joinpath("static").joinpath(name).read_text("utf-8")


def html(text: str, status: int = 200) -> web.Response:
    """A page that no cache keeps."""
    return web.Response(
        text=text, status=status, content_type="text/html", headers={"Cache-Control": "no-store"}
    )


def stopped(world: World, request: web.Request) -> web.StreamResponse | None:
    """The page that stands in the way of the one asked for, or None."""
    if refused(world):
        return html(template(f"{world.scenario.refuse}.html"), 403 if forbids(world) else 200)
    if signed_in(world, request):
        return None
    if world.scenario.redirect == "client":
        return html(f'<!DOCTYPE html><script>location.replace("{LOGIN}")</script>')
    return web.Response(status=302, headers={"Location": LOGIN})


def forbids(world: World) -> bool:
    """The refusal has the status 403; the other kinds look like pages."""
    return world.scenario.refuse == "forbidden_403"
