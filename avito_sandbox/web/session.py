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


_CHECKS = {
    "ip_limited": "<h1>Доступ с вашего IP временно ограничен</h1><p>Попробуйте зайти позже.</p>",
    "please_wait": "<p>Подождите, идет загрузка</p>",
    "firewall": '<div class="firewall-container"><form></form></div>',
    "geetest": '<div class="geetest_captcha"></div><script src="/s/check.js"></script>',
    "hcaptcha": '<form><div class="h-captcha" data-sitekey="1"></div></form>',
}
_HEAD = '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Авито</title></head>'
CHECK = "/check"


def check_page(kind: str) -> web.Response:
    """The page that a refused browser is shown, with its status."""
    if kind == "limited_429":
        return html("<!DOCTYPE html><title>429</title>", 429)
    if kind == "redirect_302":
        return web.Response(status=302, headers={"Location": CHECK})
    if kind in _CHECKS:
        return html(f"{_HEAD}<body>{_CHECKS[kind]}</body></html>")
    return html(template(f"{kind}.html"), 403 if kind == "forbidden_403" else 200)


def refused_load(world: World) -> web.Response:
    """How a load is refused."""
    kind = world.scenario.refuse
    return check_page(kind if kind in ("limited_429", "redirect_302") else "forbidden_403")


def stopped(world: World, request: web.Request) -> web.StreamResponse | None:
    """The page that stands in the way of the one asked for, or None."""
    if world.scenario.web_down:
        return html("<!DOCTYPE html><title>502 Bad Gateway</title>", 502)
    if world.scenario.refuse_pages and refused(world):
        return check_page(world.scenario.refuse)
    if signed_in(world, request):
        return None
    if world.scenario.redirect == "client":
        return html(f'<!DOCTYPE html><script>location.replace("{LOGIN}")</script>')
    return web.Response(status=302, headers={"Location": LOGIN})
