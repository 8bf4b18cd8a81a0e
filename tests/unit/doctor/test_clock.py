from __future__ import annotations

from email.utils import formatdate

import pytest

from avito_scrapy.doctor.api import ApiAnswer, clock

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("apart", "text"), [(0, "clock_ok"), (60, "clock_ok"), (-61, "clock_off"), (7200, "clock_off")]
)
def test_the_clock_is_held_against_the_servers(
    monkeypatch: pytest.MonkeyPatch, apart: int, text: str
) -> None:
    monkeypatch.setattr("time.time", lambda: NOW)
    finding = clock(ApiAnswer(200, {"Date": formatdate(NOW + apart, usegmt=True)}, None))
    assert finding.text == text
    assert str(abs(apart)) in finding.line("ru")


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}])
def test_a_server_that_does_not_tell(headers: dict[str, str]) -> None:
    assert clock(ApiAnswer(200, headers, None)).text == "clock_unknown"
