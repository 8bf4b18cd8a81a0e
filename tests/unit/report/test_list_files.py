"""Stop lists in all the forms that people keep them in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from avito_scrapy.report import list_files, stoplist
from avito_scrapy.report.stoplist import ListFile, read_stop_lists
from tests.unit.report.helpers import chat, stop_list, write

ROWS = [["ФИО", "Сотовый"], ["Нина", "8 900 000-00-01"], ["Олег", "+7 (900) 000-00-02"]]
PHONES = ["+79000000001", "+79000000002"]
HTML = """<html><head><meta charset="utf-8"></head><body><table><tr><td><table>
<tr><th>ФИО<th colspan=2>Сотовый</tr>
<tr><td>Нина<td>8&nbsp;900 000-00-01<td></tr>
<tr><td>Олег</td><td><b>+7 (900)</b> 000-00-02</td></tr>
</table></td></tr></table></body></html>"""
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="База"><Table>
<Row><Cell ss:Index="3"><Data ss:Type="String">Сотовый</Data></Cell></Row>
<Row ss:Index="4"><Cell ss:Index="3"><Data ss:Type="Number">89000000001</Data></Cell></Row>
<Row><Cell/><Cell/><Cell><Data ss:Type="String">+7 (900) 000-00-02</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def text(separator: str, encoding: str, mark: str = "") -> Callable[[Path], object]:
    lines = "\r\n".join(separator.join(row) for row in ROWS)
    return lambda path: path.write_bytes((mark + lines).encode(encoding))


FORMS: dict[str, Callable[[Path], object]] = {
    "a.xlsx": lambda path: stop_list(path, ROWS),
    "a.xlsm": lambda path: stop_list(path, ROWS),
    "misnamed.csv": lambda path: stop_list(path.with_suffix(".xlsx"), ROWS).rename(path),
    "text.xlsx": text(";", "utf-8"),
    "semicolon.csv": text(";", "cp1251"),
    "a page in a cell.csv": lambda path: path.write_text(
        f'Сотовый;Заметка\n89000000001;"{"слово " * 60_000}"\n+79000000002;\n', encoding="utf-8"
    ),
    "comma.csv": text(",", "utf-8"),
    "mark.csv": text(";", "utf-8-sig"),
    "utf16.csv": text("\t", "utf-16"),
    "no mark.txt": text("\t", "utf-16-le"),
    "big.txt": text("\t", "utf-16-be"),
    "tabs.xls": text("\t", "cp1251"),
    "named.csv": text("|", "utf-8", mark="sep=|\r\n"),
    "page.xls": lambda path: path.write_text(HTML, encoding="utf-8"),
    "page.html": lambda path: path.write_text("\ufeff" + HTML, encoding="utf-8"),
    "sheet.xls": lambda path: path.write_text(XML, encoding="utf-8"),
}  # fmt: skip


def remarks(file: ListFile) -> list[str]:
    return [why.key.removeprefix("list.") for why in file.remarks]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("alone", [True, False])
def test_every_form_is_read(tmp_path: Path, name: str, alone: bool) -> None:
    FORMS[name](tmp_path / name)
    lists = read_stop_lists(tmp_path / name if alone else tmp_path)
    assert list(lists.entries) == PHONES
    assert [(file.name, file.phones, remarks(file)) for file in lists.files] == [(name, 2, [])]
    assert lists.unread == []


def test_rows_are_counted_as_they_are_shown(tmp_path: Path) -> None:
    FORMS["sheet.xls"](tmp_path / "sheet.xls")
    stop_list(tmp_path / "a.xlsx", [[], [], *([None, *row] for row in ROWS)])
    entries = {
        path.name: [(entry.sheet, entry.row) for entry in read_stop_lists(path).entries.values()]
        for path in tmp_path.iterdir()
    }
    assert entries == {
        "sheet.xls": [("База", 4), ("База", 5)],
        "a.xlsx": [("Лист1", 4), ("Лист1", 5)],
    }


def test_a_quote_that_is_not_closed_swallows_nobody(tmp_path: Path) -> None:
    rows = ["Сотовый;Заметка", '+79009999999;"Ромашка" ООО']
    rows += [f"+7900{number:07d};обычная заметка без кавычек" for number in range(30_000)]
    rows[25_000] = '+79009999998;"не закрыта'
    (tmp_path / "late.csv").write_text("\n".join(rows), encoding="utf-8")
    late = read_stop_lists(tmp_path / "late.csv")
    assert (len(late.entries), late.unread) == (len(rows) - 1, [])
    assert late.entries["+79000029998"].row == len(rows) - 1
    rows[5] = '+79009999997;"не закрыта'
    (tmp_path / "early.csv").write_bytes("\r".join(rows).encode())
    early = read_stop_lists(tmp_path / "early.csv")
    assert (len(early.entries), early.unread) == (len(rows) - 1, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scan.pdf", b"%PDF-1.7 ..."),
        ("scan.csv", b"%PDF-1.7 ..."),
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("letter.docx", None),
        ("letter.rtf", b"{\\rtf1 89000000001}"),
        ("chats.json", b'{"phone": "89000000001"}'),
        ("page.html", b"<html><p>89000000001</p></html>"),
        ("names.csv", "ФИО\nНина\n".encode()),
        ("empty.csv", b""),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("broken.ods", b"PK\x03\x04 broken"),
    ],
)
def test_what_is_not_read_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    stop_list(folder / "a.xlsx", ROWS)
    if content is None:
        with ZipFile(folder / name, "w") as archive:
            archive.writestr("word/document.xml", "<w/>")
    else:
        (folder / name).write_bytes(content)
    lists = read_stop_lists(folder)
    assert [file for file, _ in lists.unread] == [name]
    assert list(lists.entries) == PHONES
    written = write(tmp_path, [chat(1)], stoplist=folder)
    (problem,) = written.summary.problems
    assert problem.startswith(f"{name}: ")
    said = written.figures()["Стоп-листы"][name]["Проверка и пояснения"]
    assert said == f"не прочитан: {problem.partition(': ')[2]}"


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "away.xlsx").symlink_to(tmp_path / "nowhere")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    stop_list(tmp_path / "a.xlsx", ROWS)
    lists = read_stop_lists(tmp_path)
    assert list(lists.entries) == PHONES
    assert {name: why.key for name, why in lists.unread} == {
        "away.xlsx": "list.missing",
        "pipe.csv": "list.denied",
        "zero.csv": "list.denied",
    }


def test_what_nobody_means_as_a_list(tmp_path: Path) -> None:
    """Locks of office programs, hidden files, what the system keeps, what this tool has written."""
    stop_list(tmp_path / "a.xlsx", ROWS)
    (tmp_path / ".avito").mkdir()
    for name in ("~$a.xlsx", ".~lock.a.xlsx#", ".env", "Thumbs.db", ".avito/store.db",
                 "chats.jl", "resumes.partial.jl", "health.json"):  # fmt: skip
        (tmp_path / name).write_text("89000000009")
    lists = read_stop_lists(tmp_path)
    assert lists.unread == []
    assert list(lists.entries) == PHONES


def test_of_an_earlier_tools_book_one_sheet_is_a_list(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, phone in (("Для_звонков", "89000000009"), ("Стоплист_телефонов", "89000000001")):
        sheet = book.create_sheet(title)
        sheet.append(["Телефон"])
        sheet.append([phone])
    book.save(tmp_path / "results.xlsx")
    lists = read_stop_lists(tmp_path)
    assert list(lists.entries) == ["+79000000001"]
    assert (remarks(lists.files[0]), lists.unread) == (["only"], [])


def test_results_beside_the_lists_are_not_read_and_not_missed(tmp_path: Path) -> None:
    earlier = tmp_path / "lists"
    earlier.mkdir()
    write(earlier, [chat(1)])
    assert remarks(read_stop_lists(earlier).files[0]) == ["own"]
    assert [name for name, _ in read_stop_lists(earlier).unread] == ["lists"], "nothing is read"
    stop_list(earlier / "a.xlsx", ROWS)
    assert read_stop_lists(earlier).unread == []
    assert len(read_stop_lists(earlier / "resumes.xlsx").unread) == 1, "it was asked for by name"


def test_quotes(tmp_path: Path) -> None:
    """A field of several lines, and a quote that is never closed."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text('ФИО;Телефон\n"Нина; ""С""";"89000000001\n89000000002"\n', encoding="utf-8")
    bad.write_text(
        'ФИО;Телефон\n"Ромашка;89000000001\n'
        + "".join(f"О;8900000{n:04d}\n" for n in range(2, 99)),
        encoding="utf-8",
    )
    lists = read_stop_lists(good)
    assert list(lists.entries) == PHONES
    assert lists.entries[PHONES[0]].name == 'Нина; "С"'
    assert len(read_stop_lists(bad).entries) == 98


def test_a_cell_far_away_does_not_take_all_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Телефон"
    book.worksheets[0]["XFD1048576"] = 1
    book.save(tmp_path / "a.xlsx")
    assert [why.key for _, why in read_stop_lists(tmp_path).unread] == ["list.wide"]


def test_an_archive_that_swells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_list(tmp_path / "a.xlsx", ROWS)
    with ZipFile(tmp_path / "a.xlsx", "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b" " * 3_000_000)
    monkeypatch.setattr(list_files, "LARGEST_UNPACKED", 2_000_000)
    assert [why.key for _, why in read_stop_lists(tmp_path).unread] == ["list.large"]


def test_lists_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stoplist, "MOST_ROWS", 5)
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(
            "Телефон\n" + "".join(f"8900000000{n}\n" for n in range(3))
        )
    lists = read_stop_lists(tmp_path)
    assert [(file.phones, remarks(file)) for file in lists.files] == [(3, []), (0, ["many_rows"])]


def test_a_folder_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stoplist, "MOST_FILES", 2)
    for name in "abc":
        (tmp_path / f"{name}.csv").write_text("89000000001\n")
    assert [why.key for _, why in read_stop_lists(tmp_path).unread] == ["list.many_files"]


def test_only_wanted_entries_are_kept(tmp_path: Path) -> None:
    lists = read_stop_lists(stop_list(tmp_path / "a.xlsx", ROWS), {PHONES[1]})
    assert list(lists.entries) == [PHONES[1]]
    assert lists.files[0].phones == 2


def test_a_name_that_a_terminal_would_execute(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\udce4.pdf").write_bytes(b"%PDF")
    assert read_stop_lists(tmp_path).unread[0][0] == "a\\x1b[2J\ufffd.pdf"
