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
    "bold_number", "note",
]  # fmt: skip

# sign, colour of the field, letters: bold / italic / grey italic
STATUS_LOOK: Mapping[str, tuple[str, str, str]] = {
    "awaits_us": ("●", "F8CBAD", "bold"),
    "never_written": ("○", "FFE699", "bold"),
    "unread": ("◔", "DDEBF7", ""),
    "read_no_reply": ("◑", "BDD7EE", ""),
    "replied": ("✓", "C6E0B4", ""),
    "refused": ("✕", "D9D9D9", "grey"),
    "unknown": ("?", "FFFFFF", "italic"),
}
DATE_FORMAT = "dd.mm.yyyy hh:mm"
_LINE = Side(style="thin", color="BFBFBF")
_GRID = Border(bottom=_LINE, right=_LINE)
_TOP = Alignment(vertical="top")
_MIDDLE = Alignment(vertical="top", horizontal="center")
_RIGHT = Alignment(vertical="top", horizontal="right", indent=1)
_WRAP = Alignment(vertical="top", wrap_text=True)
_OWN = PatternFill("solid", fgColor="FFF9E5")


def _font(
    *,
    bold: bool = False,
    italic: bool = False,
    color: str | None = None,
    size: int = 11,
    underline: Literal["single"] | None = None,
) -> Font:
    # A font without a name is left to the program, which may take one with serifs.
    return Font(
        name="Calibri", family=2, size=size, bold=bold, italic=italic, color=color,
        underline=underline,
    )  # fmt: skip


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
            "date": self._add(align=_MIDDLE, number=DATE_FORMAT),
            "number": self._add(align=_RIGHT, number="#,##0"),
            "float": self._add(align=_RIGHT, number="#,##0.0"),
            "share": self._add(align=_RIGHT, number="0.0%"),
            "link": self._add(align=_TOP, font=_font(color="0563C1", underline="single")),
            "own": self._add(quote=True, align=_WRAP, fill=_OWN),
            "own_long": self._add(quote=True, align=_WRAP, fill=_OWN),
            "own_date": self._add(align=_MIDDLE, fill=_OWN, number=DATE_FORMAT),
            "head": self._add(
                align=Alignment(vertical="center", wrap_text=True),
                font=_font(bold=True, color="FFFFFF"),
                fill=PatternFill("solid", fgColor="44546A"),
            ),
            "own_head": self._add(
                align=Alignment(vertical="center", wrap_text=True),
                font=_font(bold=True),
                fill=PatternFill("solid", fgColor="FFD966"),
            ),
            "title": self._add(font=_font(bold=True, size=13), border=False, align=_TOP),
            "bold": self._add(font=_font(bold=True), align=_TOP),
            "bold_number": self._add(font=_font(bold=True), align=_RIGHT, number="#,##0"),
            "good": self._add(font=_font(bold=True, color="375623"), align=_TOP),
            "bad": self._add(
                font=_font(bold=True, color="C00000"),
                align=_TOP,
                fill=PatternFill("lightUp", fgColor="FF9999", bgColor="FFFFFF"),
            ),
            "note": self._add(font=_font(italic=True, color="595959"), border=False, align=_TOP),
        }
        self.by_status: dict[str, int] = {
            name: self._add(
                quote=True,
                align=_TOP,
                font=_font(
                    bold=how == "bold",
                    italic=how in ("italic", "grey"),
                    color="595959" if how == "grey" else None,
                ),
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
        cell.font = font or _font()
        if fill is not None:
            cell.fill = fill
        if border:
            cell.border = _GRID
        # Typed into again, such a cell keeps its text a text even if it starts with "=".
        cell.quotePrefix = quote
        return int(cell.style_id)
