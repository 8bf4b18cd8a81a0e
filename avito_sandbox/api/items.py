"""The account's own advertisements."""

from __future__ import annotations

from aiohttp import web

from avito_sandbox.api.reply import Refusal, Route, listed, ok, whole
from avito_sandbox.world import World

STATUSES = {"active", "removed", "old", "blocked", "rejected"}


class ItemsApi:
    """The list of own items; all of the sandbox's are vacancies, and active."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [Route("items", "GET", "/core/v1/items" + slash, self.items) for slash in ("", "/")]

    async def items(self, request: web.Request) -> web.Response:
        """A page of items; an employee sees none."""
        per_page = whole(request, "per_page", 25, 1, 99)
        page = whole(request, "page", 1, 1, 2**31 - 1)
        statuses = listed(request, "status") or ["active"]
        if not set(statuses) <= STATUSES:
            raise Refusal(400, "Validation error", fields={"status": "unknown"})
        seen = "active" in statuses and self._world.scenario.employee_of is None
        found = self._world.vacancies if seen else []
        part = found[(page - 1) * per_page : page * per_page]
        resources = [
            {
                "address": "Москва, Лесная улица 7",
                "category": {"id": 111, "name": "Вакансии"},
                "id": item.id,
                "price": None,
                "status": "active",
                "title": item.title,
                "url": item.url,
            }
            for item in part
        ]
        return ok({"meta": {"page": page, "per_page": per_page}, "resources": resources})
