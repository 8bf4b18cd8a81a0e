"""One small document for each kind of change that Avito could make."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.contract.changes import (
    ANSWER,
    CHANGED,
    DEPRECATED,
    GONE,
    HARMLESS,
    field,
    field_less,
    path,
    verb,
)
from tests.unit.contract.small import JSON, answer, held, operation, paper, unlike
from tools.contract.findings import EXIT, Status, worst

OTHER: JSON = {
    "openapi": "3.1.0",
    "info": {"title": "Other", "version": "1"},
    "paths": {"/other": {"get": {"responses": {}}}},
}


@pytest.mark.parametrize("name", CHANGED)
def test_changed(tmp_path: Path, name: str) -> None:
    change, where, note, feature = CHANGED[name]
    document = paper()
    change(document)
    findings = held(tmp_path, document)
    assert list(unlike(findings)) == [where], "only what changed is said to have changed"
    one = unlike(findings)[where]
    assert (one.status, one.notes) == (Status.CHANGED, (note,))
    assert feature in one.features
    assert EXIT[worst(findings)] == 1


@pytest.mark.parametrize("name", GONE)
def test_gone(tmp_path: Path, name: str) -> None:
    change, where, feature = GONE[name]
    document = paper()
    change(document)
    findings = held(tmp_path, document)
    assert list(unlike(findings)) == [where]
    assert unlike(findings)[where].status is Status.GONE
    assert feature in unlike(findings)[where].features
    assert EXIT[worst(findings)] == 3


@pytest.mark.parametrize("name", DEPRECATED)
def test_deprecated(tmp_path: Path, name: str) -> None:
    change, where = DEPRECATED[name]
    document = paper()
    change(document)
    findings = held(tmp_path, document)
    assert list(unlike(findings)) == [where]
    assert unlike(findings)[where].status is Status.DEPRECATED
    assert EXIT[worst(findings)] == 1


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless(tmp_path: Path, name: str) -> None:
    document = paper()
    HARMLESS[name](document)
    findings = held(tmp_path, document)
    assert not unlike(findings)
    assert EXIT[worst(findings)] == 0


def test_changed_and_deprecated_is_changed(tmp_path: Path) -> None:
    document = paper()
    field("id", type="string", deprecated=True)(document)
    one = unlike(held(tmp_path, document))[f"{ANSWER} id"]
    assert one.status is Status.CHANGED
    assert one.notes == ("type is now string, was integer", "deprecated")


def test_free_text_may_be_narrowed(tmp_path: Path) -> None:
    ours = paper()
    field_less("kind", "enum")(ours)
    assert not unlike(held(tmp_path, paper(), ours=ours))


def test_a_method_that_moved_says_where_to(tmp_path: Path) -> None:
    ours, document = paper(), paper()
    path("/v1/things/{thing_id}")(ours)
    path("/v2/things/{thing_id}")(document)
    (one,) = held(tmp_path, document, ours=ours)
    assert (one.status, one.notes) == (Status.GONE, ("there is POST /v2/things/{thing_id}",))

    document = paper()
    verb("put")(document)
    (one,) = held(tmp_path, document)
    assert (one.status, one.notes) == (Status.GONE, ("the path is there with PUT",))


def test_a_part_of_the_api_that_no_document_is_about(tmp_path: Path) -> None:
    findings = held(tmp_path, OTHER)
    assert [one.status for one in findings] == [Status.NOT_GIVEN]
    assert findings[0].notes == ("no document given is about /things",)
    assert EXIT[worst(findings)] == 4


def test_several_documents_are_one(tmp_path: Path) -> None:
    assert not unlike(held(tmp_path, OTHER, paper()))


def test_of_two_that_hold_the_same_the_first_counts(tmp_path: Path) -> None:
    document = paper()
    field("id", type="string")(document)
    assert not unlike(held(tmp_path, paper(), document))
    assert list(unlike(held(tmp_path, document, paper()))) == [f"{ANSWER} id"]


def test_what_is_only_observed_may_be_missing(tmp_path: Path) -> None:
    ours, document = paper(), paper()
    for name in ("kind", "parts"):
        field(name, **{"x-source": "observed"})(ours)
    operation(ours)["x-observed"] = ["404"]
    field("id", type="number", **{"x-observed": ["type"]})(ours)
    answer(ours).update({"required": ["id", "when"], "x-observed": ["required"]})
    assert not unlike(held(tmp_path, document, ours=ours)), "it may also be published"

    for name in ("kind", "parts"):
        answer(document)["properties"].pop(name)
    operation(document)["responses"].pop("404")
    findings = held(tmp_path, document, ours=ours)
    assert {one.status for one in unlike(findings).values()} == {Status.UNPUBLISHED}
    assert set(unlike(findings)) == {f"{ANSWER} kind", f"{ANSWER} parts", "answer 404"}
    assert EXIT[worst(findings)] == 0


def test_values_that_are_only_observed(tmp_path: Path) -> None:
    ours = paper()
    field("kind", enum=["a", "b", "c"], **{"x-observed-values": ["c"]})(ours)
    assert not unlike(held(tmp_path, paper(), ours=ours))
    document = paper()
    field("kind", enum=["a", "c", "d"])(document)
    one = unlike(held(tmp_path, document, ours=ours))[f"{ANSWER} kind"]
    assert one.notes == (
        'new in the list of values: "d"',
        'no longer in the list of values: "b"',
    )


def test_a_whole_method_that_is_only_observed(tmp_path: Path) -> None:
    ours, document = paper(), paper()
    operation(ours)["x-source"] = "observed"
    path("/things")(document)
    (one,) = held(tmp_path, document, ours=ours)
    assert (one.status, one.notes) == (Status.UNPUBLISHED, ("observed, not published",))
