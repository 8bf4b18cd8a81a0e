"""Whole crawls of the sandbox by the document: every request, every answer, nothing unused."""

from __future__ import annotations

import json

import pytest

from avito_scrapy.contract.uses import read_of_answer, used
from tests.integration.contract.crawls import CRAWLS, run
from tests.integration.contract.paper import Paper, Record, seen

# Read where Avito sends it; the sandbox does not.
NOT_IN_THE_SANDBOX = "applies[].enriched_properties"
# Answers that need what no crawl does, or what the sandbox cannot do wrong.
BY_DOCTOR = {"chats"}


@pytest.fixture(scope="module")
def paper() -> Paper:
    return Paper()


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Record]]:
    return {name: run(one, tmp_path_factory.mktemp("crawl")) for name, one in CRAWLS.items()}


@pytest.mark.parametrize("name", CRAWLS)
def test_every_request_and_answer_is_by_the_document(
    name: str, paper: Paper, records: dict[str, list[Record]]
) -> None:
    there = records[name]
    assert {one["status"] for one in there} >= CRAWLS[name].statuses
    faults = [fault for one in there for fault in paper.faults(one)]
    assert not faults, f"{len(faults)} of {len(there)}"


def test_everything_in_the_document_is_sent(records: dict[str, list[Record]]) -> None:
    everything = [one for crawl in records.values() for one in crawl]
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
        if where != "path" and use.name not in BY_DOCTOR
    }
    assert written <= sent


def test_everything_in_the_document_comes(records: dict[str, list[Record]]) -> None:
    came: dict[str, set[str]] = {name: set() for name in used()}
    for crawl in records.values():
        for one in crawl:
            if one["status"] == 200:
                came[one["method"]].update(seen(json.loads(one["response_body"])))
    missing = {
        (name, use.field)
        for name in used()
        for use in read_of_answer(name)
        if use.field not in came[name] and not use.field.startswith(NOT_IN_THE_SANDBOX)
    }
    assert missing == {("token", "error")}, "wrong keys are answered with another status"


def test_a_wrong_request_or_answer_is_found(paper: Paper, records: dict[str, list[Record]]) -> None:
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
