"""Whole crawls of the sandbox by the document: every request, every answer, nothing unused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from tests.integration.contract.crawls import CRAWLS, run
from tests.integration.contract.paper import Paper, Record, seen
from tests.support.contract import read_of_answer
from tools.contract.operations import used

# Read where Avito sends it; the sandbox does not.
NOT_IN_THE_SANDBOX = "applies[].enriched_properties"
# The crawl that reads these lists is not an employee's, whose list of items is empty.
NOT_SENT = {(name, "header", "x-employee-of") for name in ("chats", "items")}


@pytest.fixture(scope="module")
def paper() -> Paper:
    return Paper()


class Records:
    """What each crawl left, crawled when first asked for; test workers share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> list[Record]:
        number = list(CRAWLS).index(name)
        kept = self._folder / f"recorded-{number}.json"
        with FileLock(f"{kept}.lock"):
            if not kept.exists():
                data_dir = self._folder / f"crawl-{number}"
                data_dir.mkdir()
                kept.write_text(json.dumps(run(CRAWLS[name], data_dir)), encoding="utf-8")
        found: list[Record] = json.loads(kept.read_text(encoding="utf-8"))
        return found

    def everything(self) -> list[Record]:
        return [one for name in CRAWLS for one in self[name]]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Records:
    own = tmp_path_factory.getbasetemp()
    return Records(own if worker_id == "master" else own.parent)


@pytest.mark.parametrize("name", CRAWLS)
def test_every_request_and_answer_is_by_the_document(
    name: str, paper: Paper, records: Records
) -> None:
    there = records[name]
    assert {one["status"] for one in there} >= CRAWLS[name].statuses
    faults = [fault for one in there for fault in paper.faults(one)]
    assert not faults, f"{len(faults)} of {len(there)}"


def test_everything_in_the_document_is_sent(records: Records) -> None:
    everything = records.everything()
    sent = {
        (one["method"], "query", name.lower()) for one in everything for name, _ in one["query"]
    }
    sent |= {
        (one["method"], "header", name.lower()) for one in everything for name in one["headers"]
    }
    written = {
        (use.name, where, part.name.lower())
        for use in used().values()
        for (where, _), part in use.parameters.items()
        if where != "path"
    }
    assert written - sent == NOT_SENT


def test_everything_in_the_document_comes(records: Records) -> None:
    came: dict[str, set[str]] = {name: set() for name in used()}
    for one in records.everything():
        if one["status"] == 200:
            came[one["method"]].update(seen(json.loads(one["response_body"])))
    missing = {
        (name, use.field)
        for name in used()
        for use in read_of_answer(name)
        if use.field not in came[name] and not use.field.startswith(NOT_IN_THE_SANDBOX)
    }
    assert missing == {("token", "error")}, "wrong keys are answered with another status"


def test_a_wrong_request_or_answer_is_found(paper: Paper, records: Records) -> None:
    there = records["every method, contacts bought until the package is empty"]
    resume = next(one for one in there if one["method"] == "resumes" and one["status"] == 200)
    body = json.loads(resume["response_body"])

    def with_body(**new: object) -> Record:
        return {**resume, "response_body": json.dumps({**body, **new})}

    assert not paper.faults(with_body(colour="red"))
    assert "'x' is not of type" in paper.faults(with_body(id="x"))[0]
    assert "is not one of" in paper.faults(with_body(params={"pol": "?"}))[0]
    assert paper.faults({**resume, "status": 418})
    assert paper.faults({**resume, "path": "/job/v2/resumes/abc"})
    assert paper.faults({**resume, "verb": "POST"})
    assert "sends colour" in paper.faults({**resume, "query": [["colour", "red"]]})[0]
    assert (
        "sends the header X-New"
        in paper.faults({**resume, "headers": {**resume["headers"], "X-New": "1"}})[0]
    )
    assert "sends a body" in paper.faults({**resume, "body": "x=1"})[0]
    limits = {"X-RateLimit-Limit": "many", "Content-Type": "application/json"}
    assert paper.faults({**resume, "response_headers": limits})
    applications = next(one for one in there if one["method"] == "applications")
    for sent in ({}, {"ids": "a"}, {"ids": ["a"] * 101}, {"ids": [], "new": 1}):
        assert paper.faults({**applications, "body": json.dumps(sent)})
