"""The pages: the messenger, one chat, favourites, the profile; and the files they are made of."""

from __future__ import annotations

import hashlib
import html as escaping
import json
import re

from aiohttp import web

from avito_sandbox.api.reply import Route
from avito_sandbox.web.channels import PAGE, page_of
from avito_sandbox.web.favorites import favorites_page
from avito_sandbox.web.session import CHECK, check_page, html, stopped, template
from avito_sandbox.world import World

_FILE = re.compile(r"[a-z_]+\.(js|css)")
_CLASS = re.compile(r"\bc-([a-z]+)")
_PAGE_OPTIONS = {
    "scroll", "rows", "more_button", "more_every", "data_ids", "hrefs", "title_marker", "transport",
    "fail_mode", "back_off_ms", "ask_delay_ms", "jump_duplicates", "wander",
    "wander_after", "wander_to", "open_by", "roads",
}  # fmt: skip
_CHAT = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>{title}</title></head>
<body><a href="/profile/messenger">Сообщения</a><div>{rows}</div></body></html>"""
_TYPES = {"js": "text/javascript", "css": "text/css"}


class PagesWeb:
    """What a browser navigates to."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The addresses of this part. A chat's page counts with every verb."""
        return [
            Route("messenger_page", "GET", "/profile/messenger", self.messenger),
            Route("messenger_page", "GET", "/profile/messenger/", self.messenger),
            Route("channel_page", "*", "/profile/messenger/channel/{chat_id:.*}", self.channel),
            Route("favorites", "GET", "/favorites", self.favorites),
            Route("profile_page", "GET", "/profile", self.profile),
            Route("check_page", "GET", CHECK, self.check),
            Route("static", "GET", "/s/{file}", self.file),
        ]

    def class_name(self, name: str) -> str:
        """The hashed class name: another one with another seed."""
        seed = f"{self._world.scenario.seed}/{name}".encode()
        return f"styles-module-{hashlib.blake2b(seed, digest_size=4).hexdigest()}"

    async def messenger(self, request: web.Request) -> web.StreamResponse:
        """The list of chats."""
        world, scenario = self._world, self._world.scenario
        barrier = stopped(world, request)
        if barrier is not None:
            return barrier
        names = sorted(set(_CLASS.findall(template("style.css"))))
        config = {
            "classes": {name: self.class_name(name) for name in names},
            "now": int(world.now() * 1000),
            "account": world.account_id,
            "live": scenario.jump_live,
            "wanderLeft": world.wanders_left if scenario.wander != "none" else 0,
            "first": page_of(world, None, PAGE) if scenario.first_page == "embedded" else None,
            **scenario.model_dump(include=_PAGE_OPTIONS),
        }
        text = json.dumps(config, ensure_ascii=False).replace("<", "\\u003c")
        return html(template("messenger.html").replace("PAGE_CONFIG", text))

    async def channel(self, request: web.Request) -> web.StreamResponse:
        """One chat. Whoever asks for this, in whatever way, has opened the chat."""
        chat_id = request.match_info["chat_id"]
        self._world.open_chat(chat_id)
        barrier = stopped(self._world, request)
        if barrier is not None:
            return barrier
        chat = self._world.chats_by_id.get(chat_id)
        if chat is None:
            raise web.HTTPNotFound
        rows = "".join(f"<p>{escaping.escape(message.text)}</p>" for message in chat.messages[-30:])
        title = escaping.escape(chat.user_name)
        return html(_CHAT.format(title=title, rows=rows))

    async def favorites(self, request: web.Request) -> web.StreamResponse:
        """The saved resumes and how many they are."""
        barrier = stopped(self._world, request)
        return barrier if barrier is not None else favorites_page(self._world)

    async def profile(self, request: web.Request) -> web.StreamResponse:
        """Another page of the site."""
        barrier = stopped(self._world, request)
        if barrier is not None:
            return barrier
        return html(
            '<!DOCTYPE html><title>Профиль</title><a href="/profile/messenger">Сообщения</a>'
        )

    async def check(self, request: web.Request) -> web.StreamResponse:
        """Where refused requests are redirected."""
        return check_page("ip_limited")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Scripts and styles; class names are hashed on the way."""
        name = request.match_info["file"]
        if not _FILE.fullmatch(name):
            raise web.HTTPNotFound
        try:
            text = template(name)
        except FileNotFoundError:
            raise web.HTTPNotFound from None
        if name.endswith(".css"):
            text = _CLASS.sub(lambda found: self.class_name(found[1]), text)
        return web.Response(text=text, content_type=_TYPES[name.rpartition(".")[2]])
