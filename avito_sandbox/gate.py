"""Checks of every API request: token, limit, subscription, faults."""

from __future__ import annotations

import asyncio
import hashlib

from aiohttp import web

from avito_sandbox.api.auth import check_token
from avito_sandbox.api.reply import COMPANY, Handler, Refusal, refuse
from avito_sandbox.faults import AFTERWARDS, Faults, apply, instead
from avito_sandbox.limits import Limits
from avito_sandbox.world import World


class Gate:
    """Wraps the handlers of API methods."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._limits = Limits()
        self._faults = Faults()

    def wrap(self, name: str, handler: Handler) -> Handler:
        """The handler of method `name` behind the gate."""

        async def gated(request: web.Request) -> web.StreamResponse:
            return await self._pass(name, handler, request)

        return gated

    async def _pass(self, name: str, handler: Handler, request: web.Request) -> web.StreamResponse:
        world, scenario = self._world, self._world.scenario
        if scenario.latency_ms:
            await asyncio.sleep(scenario.latency_ms / 1000)
        headers = self._limits.headers(scenario, name)
        try:
            if name != "token":
                check_token(world, request.headers.get("Authorization"))
            passes, headers = self._limits.admit(scenario, name)
            if not passes:
                raise Refusal(429, "Too many requests")
            self._check_subscription(request.path)
            request[COMPANY] = self._company(request)
        except Refusal as refusal:
            answer: web.StreamResponse = refuse(refusal)
            answer.headers.update(headers)
            return answer
        digest = hashlib.blake2b(await request.read(), digest_size=8).hexdigest()
        fault = self._faults.draw(scenario, name, f"{request.method} {request.path_qs} {digest}")
        if fault is not None:
            world.counters.faults[fault] += 1
        if fault is not None and fault not in AFTERWARDS:
            answer = instead(fault)
            answer.headers.update(headers)
            return answer
        try:
            answer = await handler(request)
        except Refusal as refusal:
            answer = refuse(refusal)
        answer.headers.update(headers)
        if fault is not None and isinstance(answer, web.Response):
            return await apply(fault, request, answer, scenario)
        return answer

    def _check_subscription(self, path: str) -> None:
        """Raises Refusal 402 for the methods that the subscription does not cover."""
        lacks = self._world.scenario.subscription
        messenger = path.startswith("/messenger/") and lacks in ("no_messenger", "none")
        job = path.startswith("/job/") and lacks in ("no_job", "none")
        if messenger or job:
            raise Refusal(402, "Payment required: the subscription does not cover this method")

    def _company(self, request: web.Request) -> bool:
        """Whether the request speaks for the company. Raises Refusal 403 for a wrong company."""
        told = request.headers.get("X-Employee-Of")
        if told is not None and not (told.isascii() and told.isdecimal() and int(told[:20])):
            raise Refusal(400, "Validation error", fields={"X-Employee-Of": "must be a number"})
        company = self._world.scenario.employee_of
        if company is None:
            return True
        if told is None:
            return request.headers.get("X-Is-Employee", "").lower() == "true"
        if told != str(company):
            raise Refusal(403, "Forbidden")
        return True
