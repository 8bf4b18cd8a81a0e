"""LibreOffice does what a recruiter does with the mouse: a macro in a profile of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils import range_boundaries

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{}</script:module>"""
# Sorts a range by each of its columns in turn, as the button in its heading does, and saves a copy
# after each. A program without windows does not end while a book is open.
_SORT = """
Sub SortAll(source As String, number As Integer, declared As String, folder As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim xlsx(0) As New com.sun.star.beans.PropertyValue
  Dim fields(0) As New com.sun.star.table.TableSortField
  Dim how(1) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  xlsx(0).Name = "FilterName"
  xlsx(0).Value = "Calc MS Excel 2007 XML"
  book = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  On Error Goto Done
  cells = book.Sheets.getByIndex(number).getCellRangeByName(declared)
  For column = 0 To cells.Columns.Count - 1
    For order = 0 To 1
      fields(0).Field = column
      fields(0).IsAscending = (order = 0)
      how(0).Name = "ContainsHeader"
      how(0).Value = True
      how(1).Name = "SortFields"
      how(1).Value = fields()
      cells.sort(how())
      book.storeToURL(ConvertToURL(folder + "/" + column + "-" + order + ".xlsx"), xlsx())
    Next
  Next
Done:
  book.close(True)
End Sub

Sub Main
  SortAll("{source}", {sheet}, "{declared}", "{out}")
End Sub
"""


def sort_by_every_column(source: Path, title: str, folder: Path) -> list[Path]:
    """Sort a sheet by every column of the range that its filter declares, up and down.

    Returns:
        the copies saved after each sort, in their order.

    Raises:
        RuntimeError: a copy is missing, with what LibreOffice said.
    """
    book = openpyxl.load_workbook(source)
    sheet, declared = book.sheetnames.index(title), book[title].auto_filter.ref
    profile, out = folder / "profile", folder / "sorted"
    out.mkdir(parents=True)
    program = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    # Its first start fills the profile, the empty Module1 among the rest.
    _run([*program, "--terminate_after_init"])
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    macro = _SORT.format(source=source, sheet=sheet, declared=declared, out=out)
    module.write_text(_MODULE.format(escape(macro)), encoding="utf-8")
    said = _run([*program, "macro:///Standard.Module1.Main()"])
    copies = sorted(out.glob("*.xlsx"), key=lambda path: [int(n) for n in path.stem.split("-")])
    if len(copies) != 2 * (range_boundaries(str(declared))[2] or 0):
        raise RuntimeError(f"LibreOffice did not sort {source.name}: {said}")
    return copies


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done.stderr or done.stdout
