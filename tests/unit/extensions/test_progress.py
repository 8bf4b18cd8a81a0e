from __future__ import annotations

from avito_scrapy.extensions.progress import line


def test_with_and_without_a_total() -> None:
    assert line("chats", 1240, 2655, {}, 20.0) == (
        "Progress: 1240 of 2655 chats (46%), 62.0 a second, 20 s"
    )
    assert line("chats", 0, None, {}, 0.0) == "Progress: 0 chats, 0 s"


def test_other_figures_beside_it() -> None:
    said = line("chats", 10, 40, {"found": 7, "failed": 1}, 2.0)
    assert said == "Progress: 10 of 40 chats (25%), found 7, failed 1, 5.0 a second, 2 s"
