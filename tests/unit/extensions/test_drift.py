"""The lines about drift: every field that can drift has a meaning and a feature."""

from __future__ import annotations

from avito_scrapy.extensions.drift import drift_lines


def test_a_line_for_each_field_the_most_frequent_first() -> None:
    stats = {
        "avito/drift/resumes/params.age": 2,
        "avito/drift/applications/applies.contacts.chat.value": 7,
        "avito/drift/resumes/": 2,
        "avito/oauth/tokens": 1,
    }
    assert list(drift_lines(stats)) == [
        "Drift: applications applies.contacts.chat.value (the chat's id, which ties the chat to"
        " this application), 7 times; touches: finding the resume behind a chat by its application",
        "Drift: resumes (the answer as a whole: the resume), 2 times; touches: the candidate's"
        " particulars in resumes.jl and the workbook",
        "Drift: resumes params.age (age in years), 2 times; touches: the candidate's particulars in"
        " resumes.jl and the workbook",
    ]


def test_messages_in_either_form() -> None:
    for name in ("created", "messages.created"):
        (line,) = drift_lines({f"avito/drift/messages/{name}": 1})
        assert "when it was sent, Unix seconds" in line
        assert "who waits for an answer" in line


def test_what_the_document_does_not_have() -> None:
    assert list(drift_lines({"avito/drift/resumes/colour": 1, "avito/drift/other/x": 3})) == [
        "Drift: other x, 3 times; avito.yaml does not have it",
        "Drift: resumes colour, 1 times; avito.yaml does not have it",
    ]


def test_no_drift_no_line() -> None:
    assert list(drift_lines({"item_scraped_count": 3})) == []
