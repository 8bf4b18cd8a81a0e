from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape

from avito_scrapy.report.cells import MAX_TEXT, visible
from avito_scrapy.report.sheet import Column, Sheet


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


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_every_text_makes_a_cell_that_reads_back(text: str) -> None:
    written = io.BytesIO()
    book = Workbook(write_only=True)
    column: Column[str] = Column("name", 10, "text", lambda row: row)
    Sheet(book.create_sheet("a"), [column]).append([text])
    book.save(written)
    cell = load_workbook(written)["a"]["A1"]
    assert cell.data_type in ("s", "inlineStr", "n")
    assert unescape(str(cell.value or "")) == unescape(visible(text))
