from __future__ import annotations

from email.utils import formatdate

import pytest

from avito_scrapy.api_transport import clock_behind
from avito_scrapy.doctor.api import clock

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("apart", "text"), [(0, "clock_ok"), (60, "clock_ok"), (-61, "clock_off"), (7200, "clock_off")]
)
def test_the_clock_is_held_against_the_servers(
    monkeypatch: pytest.MonkeyPatch, apart: int, text: str
) -> None:
    monkeypatch.setattr("time.time", lambda: NOW)
    finding = clock(clock_behind(formatdate(NOW + apart, usegmt=True)))
    assert finding.text == text
    assert str(abs(apart)) in finding.line("ru")


@pytest.mark.parametrize("header", [None, "yesterday"])
def test_a_server_that_does_not_tell(header: str | None) -> None:
    assert clock(clock_behind(header)).text == "clock_unknown"
