"""What the log says of a field that drifted is what avito.yaml says of it."""

from __future__ import annotations

import pytest

from avito_scrapy.openapi import Meaning, meaning
from tests.support.contract import read_of_answer
from tools.contract.operations import used


@pytest.mark.parametrize("method", used())
def test_every_field_of_an_answer_is_found(method: str) -> None:
    fields = list(read_of_answer(method))
    told = {use.field: meaning(method, use.field.replace("[]", "").lstrip(".")) for use in fields}
    assert told == {use.field: Meaning(use.meaning, use.feature) for use in fields}


def test_an_answer_as_a_whole_and_what_is_not_known() -> None:
    assert meaning("self", "") == Meaning(
        "the answer as a whole: the account", "knowing which account the run is for"
    )
    assert meaning("self", "nothing") is None
    assert meaning("nothing", "") is None
