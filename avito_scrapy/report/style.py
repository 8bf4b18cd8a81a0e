"""How cells look: one place for every format, each with the number the file knows it by.

A status is told by its sign and its words first and by colour second, so that it also reads in
black and white.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

Kind = Literal[
    "text", "long", "code", "date", "number", "float", "share",
    "link", "own", "own_long", "own_date", "head", "own_head", "title", "good", "bad", "bold",
    "note",
]  # fmt: skip

# sign, colour of the field, letters: bold / italic / struck out
STATUS_LOOK: Mapping[str, tuple[str, str, str]] = {
    "awaits_us": ("●", "F8CBAD", "bold"),
    "never_written": ("○", "FFE699", "bold"),
    "unread": ("◔", "DDEBF7", ""),
    "read_no_reply": ("◑", "BDD7EE", ""),
    "replied": ("✓", "C6E0B4", ""),
    "refused": ("✕", "D9D9D9", "strike"),
    "unknown": ("?", "FFFFFF", "italic"),
}
DATE_FORMAT = "dd.mm.yyyy hh:mm"
_LINE = Side(style="thin", color="BFBFBF")
_GRID = Border(bottom=_LINE, right=_LINE)
_TOP = Alignment(vertical="top")
_WRAP = Alignment(vertical="top", wrap_text=True)
_OWN = PatternFill("solid", fgColor="FFF9E5")


class Styles:
    """The formats of one workbook.

    ``by_kind`` and ``by_status`` hold the numbers to write into a cell's ``s``.
    """

    def __init__(self, book: Workbook) -> None:
        self._sheet = book.create_sheet("formats")
        self.by_kind: dict[str, int] = {
            "text": self._add(quote=True, align=_TOP),
            "long": self._add(quote=True, align=_WRAP),
            "code": self._add(quote=True, align=_TOP, number="@"),
            "date": self._add(align=_TOP, number=DATE_FORMAT),
            "number": self._add(align=_TOP, number="#,##0"),
            "float": self._add(align=_TOP, number="#,##0.0"),
            "share": self._add(align=_TOP, number="0.0%"),
            "link": self._add(align=_TOP, font=Font(color="0563C1", underline="single")),
            "own": self._add(quote=True, align=_WRAP, fill=_OWN),
            "own_long": self._add(quote=True, align=_WRAP, fill=_OWN),
            "own_date": self._add(align=_TOP, fill=_OWN, number=DATE_FORMAT),
            "head": self._add(
                align=Alignment(vertical="center", wrap_text=True),
                font=Font(bold=True, color="FFFFFF"),
                fill=PatternFill("solid", fgColor="44546A"),
            ),
            "own_head": self._add(
                align=Alignment(vertical="center", wrap_text=True),
                font=Font(bold=True),
                fill=PatternFill("solid", fgColor="FFD966"),
            ),
            "title": self._add(font=Font(bold=True, size=13), border=False, align=_TOP),
            "bold": self._add(font=Font(bold=True), align=_TOP, number="#,##0"),
            "good": self._add(font=Font(bold=True, color="375623"), align=_TOP),
            "bad": self._add(
                font=Font(bold=True, color="C00000"),
                align=_TOP,
                fill=PatternFill("lightUp", fgColor="FF9999", bgColor="FFFFFF"),
            ),
            "note": self._add(font=Font(italic=True, color="595959"), border=False, align=_TOP),
        }
        self.by_status: dict[str, int] = {
            name: self._add(
                quote=True,
                align=_TOP,
                font=Font(bold=how == "bold", italic=how == "italic", strike=how == "strike"),
                fill=PatternFill("solid", fgColor=colour),
            )
            for name, (_, colour, how) in STATUS_LOOK.items()
        }
        book.remove(self._sheet)

    def _add(
        self,
        *,
        align: Alignment,
        font: Font | None = None,
        fill: PatternFill | None = None,
        number: str = "General",
        quote: bool = False,
        border: bool = True,
    ) -> int:
        cell = Cell(self._sheet, row=1, column=1)
        cell.alignment = align
        cell.number_format = number
        if font is not None:
            cell.font = font
        if fill is not None:
            cell.fill = fill
        if border:
            cell.border = _GRID
        # Typed into again, such a cell keeps its text a text even if it starts with "=".
        cell.quotePrefix = quote
        return int(cell.style_id)
