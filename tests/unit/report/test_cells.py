from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from avito_scrapy.report.cells import MAX_TEXT, text_cell, visible


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("a\x00b\x1bc", "a␀b␛c"),
        ("a\x7fb", "a␡b"),
        ("\x85\ufffe\uffff", "���"),
        ("половина \ud83d эмодзи", "половина � эмодзи"),
        ("1\r\n2\r3\n4\t5", "1\n2\n3\n4\t5"),
        ("🙂 и ё", "🙂 и ё"),
    ],
)
def test_what_cannot_be_held_is_shown(given_text: str, shown: str) -> None:
    assert visible(given_text) == shown


def test_a_code_of_the_format_stays_a_text() -> None:
    assert visible("_x0041_ и _x000d_") == "_x005F_x0041_ и _x005F_x000d_"
    assert visible("_xyz_ _x41_") == "_xyz_ _x41_"


@pytest.mark.parametrize("char", ["д", "🙂"])
def test_a_long_text_is_cut_with_a_mark(char: str) -> None:
    text = char * 40_000
    shown = visible(text)
    assert units(shown) <= MAX_TEXT
    assert shown.endswith("… [✂ 40000]")
    assert shown.startswith(char * 16_000)


def test_a_text_that_fits_is_not_cut() -> None:
    assert visible("д" * MAX_TEXT) == "д" * MAX_TEXT


@given(st.text(st.characters(exclude_categories=())))
def test_every_text_makes_a_cell_that_reads_back(text: str) -> None:
    cell = ElementTree.fromstring(text_cell("A1", 0, text))
    assert cell.attrib["t"] == "inlineStr"
    assert cell.find("f") is None
    read = cell.findtext("is/t")
    assert unescape(read or "") == unescape(visible(text))
