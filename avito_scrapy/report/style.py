"""How cells look: one place for every format.

A status is told by its sign and its words first and by colour second, so that it also reads in
black and white.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Literal

from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.styleable import StyleableObject

Kind = Literal["text", "long", "code", "date", "number", "float", "link", "own", "own_date"]
"""How the cells of a column may look; single ones may have any of ``_LOOKS``."""

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
_NIGHT = PatternFill("solid", fgColor="44546A")
_DUSK = PatternFill("solid", fgColor="C9CFDB")
_NOW = PatternFill("solid", fgColor="F8C4B4")
_TODAY = PatternFill("solid", fgColor="FCE8C8")
_OWN = PatternFill("solid", fgColor="FFF9E5")


# A font without a name is left to the program, which may take one with serifs.
_font = partial(Font, name="Calibri", family=2, size=11)


@dataclass(frozen=True, kw_only=True)
class _Look:
    align: Alignment
    font: Font = field(default_factory=_font)
    fill: PatternFill | None = None
    number: str = "General"
    quote: bool = False
    border: Border | None = _GRID


def _head(font: Font, color: str) -> _Look:
    return _Look(
        align=Alignment(vertical="center", wrap_text=True),
        font=font,
        fill=PatternFill("solid", fgColor=color),
    )


_LOOKS: Mapping[str, _Look] = {
    "text": _Look(quote=True, align=_TOP),
    "long": _Look(quote=True, align=_WRAP),
    "code": _Look(quote=True, align=_TOP, number="@"),
    "date": _Look(align=_MIDDLE, number=DATE_FORMAT),
    "number": _Look(align=_RIGHT, number="#,##0"),
    "float": _Look(align=_RIGHT, number="#,##0.0"),
    "share": _Look(align=_RIGHT, number="0.0%"),
    "link": _Look(align=_TOP, font=_font(color="0563C1", underline="single")),
    "night": _Look(align=_WRAP, font=_font(bold=True, color="FFFFFF"), fill=_NIGHT),
    # Programs give links a dark colour of their own.
    "night_link": _Look(align=_TOP, font=_font(color="0563C1", underline="single"), fill=_DUSK),
    "block.now": _Look(quote=True, align=_WRAP, font=_font(bold=True), fill=_NOW),
    "block.today": _Look(quote=True, align=_WRAP, fill=_TODAY),
    "own": _Look(quote=True, align=_WRAP, fill=_OWN),
    "own_date": _Look(align=_MIDDLE, fill=_OWN, number=DATE_FORMAT),
    "head": _head(_font(bold=True, color="FFFFFF"), "44546A"),
    "own_head": _head(_font(bold=True), "FFD966"),
    "title": _Look(font=_font(bold=True, size=13), border=None, align=_TOP),
    "guide_title": _Look(
        font=_font(bold=True, size=13), border=None, align=Alignment(vertical="bottom")
    ),
    "bold": _Look(font=_font(bold=True), align=_TOP),
    "bold_number": _Look(font=_font(bold=True), align=_RIGHT, number="#,##0"),
    "good": _Look(font=_font(bold=True, color="375623"), align=_TOP),
    "bad": _Look(
        font=_font(bold=True, color="C00000"),
        align=_TOP,
        fill=PatternFill("lightUp", fgColor="FF9999", bgColor="FFFFFF"),
    ),
    "note": _Look(font=_font(italic=True, color="595959"), border=None, align=_TOP),
    **{
        f"status.{name}": _Look(
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
    },
}


_OURS = {look.fill.fgColor.rgb for look in _LOOKS.values() if look.fill is not None}


def colour_of(fill: Any) -> str | None:
    """The colour that a person gave a cell, as ``paint`` takes it; None for ours and for none."""
    if fill is None or fill.fill_type != "solid":
        return None
    colour = fill.fgColor
    if colour.type == "rgb" and f"00{colour.value[-6:]}" in _OURS:
        return None
    if colour.type == "indexed" and colour.value >= 64:  # the system's own
        return None
    return f"{colour.type} {colour.value} {colour.tint:g}"


@cache
def paint(colour: str) -> PatternFill:
    """The fill of a colour that ``colour_of`` has told."""
    kind, value, tint = colour.split()
    known = {kind: value if kind == "rgb" else int(value)}
    return PatternFill("solid", fgColor=Color(**known, tint=float(tint)))


def dress(what: StyleableObject, kind: str, colour: str | None = None) -> None:
    """Give a cell or a column the look of ``kind`` (``status.NAME`` for a status), and a person's
    ``colour`` instead of its own."""
    look = _LOOKS[kind]
    what.alignment = look.align
    what.number_format = look.number
    what.font = look.font
    fill = paint(colour) if colour and look.fill not in (_NIGHT, _DUSK) else look.fill
    if fill is not None:
        what.fill = fill
    if look.border is not None:
        what.border = look.border
    # Typed into again, such a cell keeps its text a text even if it starts with "=".
    what.quotePrefix = look.quote
