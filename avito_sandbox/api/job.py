"""Applications, resumes and contacts."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from typing import Any

from aiohttp import web

from avito_sandbox.api.purchase import contacts
from avito_sandbox.api.reply import (
    Refusal,
    Route,
    flag,
    for_company,
    json_object,
    listed,
    number,
    ok,
)
from avito_sandbox.dates import zulu
from avito_sandbox.model import JSON, Application, Resume
from avito_sandbox.world import World

PAGE = 100
FIELDS = (
    "address_details", "description", "is_active", "is_purchased", "salary", "start_time", "title",
    "update_time", "url",
)  # fmt: skip


class JobApi:
    """The part of the Job API that reading needs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._polled_at: float | None = None

    def routes(self) -> list[Route]:
        applications, v1, v2 = "/job/v1/applications", "/job/v1/resumes", "/job/v2/resumes"
        return [
            Route("application_ids", "GET", f"{applications}/get_ids", self.ids),
            Route("applications", "POST", f"{applications}/get_by_ids", self.by_ids),
            Route("resumes", "GET", f"{v2}/{{resume_id}}", self.resume),
            Route("resumes", "GET", f"{v2}/{{resume_id}}/", self.resume),
            Route("contacts", "GET", f"{v1}/{{resume_id}}/contacts/", self.contacts),
            Route("contacts", "GET", f"{v1}/{{resume_id}}/contacts", self.contacts),
        ]

    async def ids(self, request: web.Request) -> web.Response:
        """Ids of applications updated since a day, by creation, the newest first."""
        since = _day(request.query.get("updatedAtFrom"))
        viewed, state = flag(request, "is_viewed"), request.query.get("state")
        if self._world.scenario.applications_endless:
            first = int(request.query.get("cursor", "endless-0").removeprefix("endless-"))
            ids = range(first + 1, first + PAGE + 1)
            return ok({"applies": [{"id": f"endless-{number}"} for number in ids]})
        wanted = listed(request, "vacancyIds")
        vacancies = None if wanted is None else {number(raw, "vacancyIds") for raw in wanted}
        found = [
            one
            for one in (self._world.applications if for_company(request) else ())
            if one.updated >= since
            and (viewed is None or one.body["is_viewed"] == viewed)
            and (state is None or one.body["state"] == state)
            and (vacancies is None or one.vacancy.id in vacancies)
        ]
        start = 0
        cursor = request.query.get("cursor")
        if cursor:
            start = self._after(found, cursor)
        else:
            self._note_poll()
        return ok(
            {
                "applies": [
                    {
                        "id": one.id,
                        "created_at": zulu(one.created),
                        "updated_at": zulu(one.updated),
                        "state": one.body["state"],
                    }
                    for one in found[start : start + PAGE]
                ]
            }
        )

    def _after(self, found: list[Application], cursor: str) -> int:
        last = self._world.applications_by_id.get(cursor)
        if last is None:
            return len(found)  # the documents name no error for this: nothing comes after it
        place = (last.created, last.id)
        return sum((one.created, one.id) >= place for one in found)

    def _note_poll(self) -> None:
        """Applications are to be polled every five minutes at most: count who does it oftener."""
        now = self._world.now()
        if self._polled_at is not None and now - self._polled_at < 300:
            self._world.counters.early_polls += 1
        self._polled_at = now

    async def by_ids(self, request: web.Request) -> web.Response:
        """Applications by their ids, a hundred at most; unknown ids are left out without a word."""
        ids: Any = json_object(await request.read()).get("ids")
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise Refusal(400, "Validation error", fields={"ids": "must be a list of strings"})
        if len(ids) > PAGE:
            raise Refusal(400, "Validation error", fields={"ids": "100 at most"})
        known = self._world.applications_by_id
        # In an order of their own, not the request's: nobody promised one.
        bodies = [known[one].body for one in sorted(set(ids)) if one in known]
        return ok({"applies": bodies if for_company(request) else []})

    def find(self, request: web.Request) -> Resume:
        """The resume of the path. Raises Refusal 404, for one taken down too."""
        found = self._world.resumes.get(number(request.match_info["resume_id"], "resume_id"))
        if found is None or found.removed:
            raise Refusal(404, "Not found")
        return found

    async def resume(self, request: web.Request) -> web.Response:
        """A resume; `fields` and `params` leave only what they name."""
        resume = self.find(request)
        refused = self._world.scenario.one_refused if resume.id % 5 == 0 else "none"
        if refused == "402":
            raise Refusal(402, "Payment required")
        if refused == "route":  # of the gateway, in a form of its own
            told = {"message": f"route GET /job/v2/resumes/{resume.id} not found"}
            return web.json_response(told, status=404)
        body: JSON = {**resume.body, "is_purchased": resume.purchased and for_company(request)}
        flag(request, "photos")
        fields, params = listed(request, "fields"), listed(request, "params")
        if fields is not None:
            if not set(fields) <= set(FIELDS):
                raise Refusal(400, "Validation error", fields={"fields": "unknown"})
            body = {key: value for key, value in body.items() if key in ("id", "params", *fields)}
        if params is not None:
            body["params"] = {key: val for key, val in body["params"].items() if key in params}
        if request.query.get("photos") == "true":
            body["photos"] = []
        if self._world.scenario.one_refused == "other_id":
            body["id"] = resume.id + 1
        return ok(body)

    async def contacts(self, request: web.Request) -> web.Response:
        """Contacts of a resume. This may cost money."""
        resume = self.find(request)
        refused = self._world.scenario.contacts_refused
        if refused != "none" and resume.id % 3 == 0:
            raise Refusal(int(refused), f"resume with id {resume.id} is not available")
        return ok(contacts(self._world, resume, for_company(request)))


def _day(raw: str | None) -> float:
    """`YYYY-MM-DD` as Unix seconds. Raises Refusal 400."""
    try:
        if raw is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
            raise ValueError
        first = date.fromisoformat(raw)
    except ValueError:
        fields = {"updatedAtFrom": "must be YYYY-MM-DD"}
        raise Refusal(400, "Validation error", fields=fields) from None
    return datetime(first.year, first.month, first.day, tzinfo=timezone.utc).timestamp()
