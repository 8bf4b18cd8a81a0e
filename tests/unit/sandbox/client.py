"""A plain client: every answer comes back, whatever its status."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from avito_sandbox import Sandbox
from avito_sandbox.model import Chat


class _Straight(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Straight)


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    url: str,
    verb: str = "GET",
    data: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    request = urllib.request.Request(url, data=data, method=verb)
    for name, value in (headers or {}).items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with _OPENER.open(request, timeout=10) as answer:
            return Reply(answer.status, dict(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, dict(error.headers), error.read())


class SandboxClient:
    """A client of the API with a token of its own."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.token = self.new_token().json["access_token"]

    def new_token(self, secret: str = "sandbox-secret") -> Reply:
        form = {"grant_type": "client_credentials", "client_id": "sandbox-id"}
        data = urllib.parse.urlencode({**form, "client_secret": secret}).encode()
        return ask(f"{self.sandbox.api_url}/token", "POST", data)

    def get(self, path: str, **headers: str) -> Reply:
        told = {"Authorization": f"Bearer {self.token}", **headers}
        return ask(self.sandbox.api_url + path, headers=told)

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        bearer = f"Bearer {self.token}"
        told = {"Authorization": bearer, "Content_Type": "application/json", **headers}
        data = json.dumps(body).encode()
        return ask(self.sandbox.api_url + path, "POST", data, told)

    @property
    def chats(self) -> str:
        return f"/messenger/v2/accounts/{self.sandbox.world.account_id}/chats"

    def messages(self, chat_id: str, query: str = "") -> Any:
        account = self.sandbox.world.account_id
        path = f"/messenger/v3/accounts/{account}/chats/{chat_id}/messages/{query}"
        found = self.get(path).json
        return found["messages"] if isinstance(found, dict) else found


def load(sandbox: Sandbox, cursor: int | None = None, **headers: str) -> Reply:
    body = {
        "limit": 30,
        "filters": {"excludeTags": [2, 3], "anyTags": []},
        "offsetTimestamp": cursor,
        "category": 1,
    }
    url = f"{sandbox.web_url}/web/1/messenger/getChannels"
    return ask(url, "POST", json.dumps(body).encode(), headers)


def some(sandbox: Sandbox, kind: str) -> Chat:
    """A chat of that kind with a resume that is there."""
    return next(
        chat
        for chat in sandbox.world.chats
        if chat.kind == kind and chat.resume and not chat.resume.removed
    )
