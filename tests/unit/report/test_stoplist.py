from __future__ import annotations

from pathlib import Path

from avito_scrapy.report.stoplist import read_stop_lists
from tests.unit.report.helpers import ago, chat, stop_list, write

STOPPED = "Исключено_по_стоплисту"


def test_four_ways_of_writing_one_phone(tmp_path: Path) -> None:
    """The same phone as text, with a trunk 8, as a number, and as a number with a fraction."""
    lists = tmp_path / "lists"
    lists.mkdir()
    ways = ["+7 (900) 000-00-01", "8-900-000-00-02", 79000000003, 9000000004.0]
    stop_list(
        lists / "а.xlsx",
        [
            ["Список от кадров"],
            [],
            ["№", "ФИО", "Номер телефона", "Комментарий"],
            *([n, f"Кто-то {n}", way, f"причина {n}"] for n, way in enumerate(ways, 1)),
        ],
        title="Январь",
    )
    written = write(tmp_path, [chat(n) for n in range(1, 6)], stoplist=lists)
    rows = written.rows(STOPPED)
    assert [row["Телефон"] for row in rows] == [f"+7900000000{n}" for n in range(1, 5)]
    assert [row["Комментарий стоп-листа"] for row in rows] == [f"причина {n}" for n in range(1, 5)]
    assert {(row["Файл стоп-листа"], row["Лист"]) for row in rows} == {("а.xlsx", "Январь")}
    assert [row["Строка"] for row in rows] == [4, 5, 6, 7]
    assert written.rows("Для_звонков")[0]["Телефон"] == "+79000000005"
    assert len(written.rows("Для_звонков")) == 1
    assert "в стоп-листе: а.xlsx" in written.rows("Кандидаты")[0]["Примечание"]


def test_who_is_stopped_is_on_no_call_sheet(tmp_path: Path) -> None:
    path = stop_list(tmp_path / "stop.xlsx", [["Phone"], ["89000000001"]])
    people = [
        chat(
            1, chat_status="never_written", last_message_at=ago(hours=1), waiting_since=ago(hours=1)
        )
    ]
    written = write(tmp_path, people, stoplist=path)
    for title in ("Для_звонков", "На_сегодня", "Кому_не_писали"):
        assert written.rows(title) == []
    assert len(written.rows("Кандидаты")) == len(written.rows(STOPPED)) == 1


def test_any_phone_of_a_person_stops_them(tmp_path: Path) -> None:
    path = stop_list(tmp_path / "stop.xlsx", [["тел."], ["900 000 00 02, 900 000 00 09"]])
    people = [chat(1, resume_id="1"), chat(2, resume_id="1")]
    (row,) = write(tmp_path, people, stoplist=path).rows(STOPPED)
    assert row["Телефон"] == "+79000000002"


def test_a_folder_is_counted_by_file(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    (lists / "старые").mkdir(parents=True)
    stop_list(lists / "1.xlsx", [["Телефон"], ["+79000000001"], ["нет номера"], [None]])
    stop_list(lists / "старые" / "2.XLSX", [["Имя", "Моб."], ["Нина", "+79000000002"]])
    stop_list(lists / "3.xlsx", [["Имя", "Город"], ["Нина", "Тверь"]])
    (lists / "4.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (lists / "~$1.xlsx").write_bytes(b"a lock of Excel")
    (lists / "readme.txt").write_text("no list")
    written = write(tmp_path, [chat(n) for n in range(1, 4)], stoplist=lists)
    counts = written.figures()["Стоп-листы"]
    told = {
        name: (row["Исключено"], row["Телефонов"], row["Проверка и пояснения"])
        for name, row in counts.items()
    }
    assert told == {
        "1.xlsx": (1, 1, "строк без годного телефона: 1"),
        "3.xlsx": (0, 0, "не прочитан: нет столбца с телефоном"),
        "4.xlsx": (0, 0, "не прочитан: файл повреждён или защищён паролем"),
        "readme.txt": (0, 0, "не прочитан: нет столбца с телефоном"),
        str(Path("старые") / "2.XLSX"): (1, 1, None),
    }
    assert written.summary.problems == (
        "3.xlsx: нет столбца с телефоном",
        "4.xlsx: файл повреждён или защищён паролем",
        "readme.txt: нет столбца с телефоном",
    )
    assert len(written.rows("Для_звонков")) == 1


def test_a_missing_list_is_named_and_the_rest_is_written(tmp_path: Path) -> None:
    written = write(tmp_path, [chat(1)], stoplist=tmp_path / "нет.xlsx")
    assert written.summary.problems == ("нет.xlsx: такого файла или папки нет",)
    assert len(written.rows("Для_звонков")) == 1


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "пусто").mkdir()
    written = write(tmp_path, [chat(1)], stoplist=tmp_path / "пусто")
    assert written.summary.problems == ("пусто: в папке нет ни одного стоп-листа",)


def test_a_number_of_something_else_is_no_phone(tmp_path: Path) -> None:
    path = stop_list(
        tmp_path / "s.xlsx",
        [["Номер договора", "Номер", "Name"], ["79000000001", "8 900 000 00 02", "Тестова"]],
    )
    rows = write(tmp_path, [chat(1), chat(2)], stoplist=path).rows(STOPPED)
    assert [row["Телефон"] for row in rows] == ["+79000000002"]
    assert rows[0]["Имя в стоп-листе"] == "Тестова"
    assert rows[0]["Примечание"] == "имя в стоп-листе другое"


def test_the_heading_of_a_second_sheet_and_deep_down(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0].append(
        ["О списке: номер версии 3, телефон отдела кадров смотрите внизу листа"]
    )
    second = book.create_sheet("База")
    for _ in range(9):
        second.append(["вступление"])
    second.append(["кандидат", "контактный телефон"])
    second.append(["Нина", "+7 900 000-00-01"])
    book.save(tmp_path / "s.xlsx")
    (row,) = write(tmp_path, [chat(1)], stoplist=tmp_path / "s.xlsx").rows(STOPPED)
    assert (row["Лист"], row["Строка"]) == ("База", 11)


def test_our_own_workbook_is_no_stop_list(tmp_path: Path) -> None:
    people = [chat(1), chat(2)]
    (tmp_path / "earlier").mkdir()
    earlier = write(tmp_path / "earlier", people)
    written = write(tmp_path, people, stoplist=earlier.path)
    assert written.rows(STOPPED) == []
    assert written.summary.problems == (
        f"{earlier.path.name}: это книга avito_scrapy, а не стоп-лист",
    )


def test_folders_behind_links_and_hidden_lists_are_read(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    elsewhere = tmp_path / "elsewhere"
    lists.mkdir()
    elsewhere.mkdir()
    stop_list(elsewhere / "1.xlsx", [["Телефон"], ["+79000000001"]])
    (lists / "link").symlink_to(elsewhere, target_is_directory=True)
    (lists / "round").symlink_to(lists, target_is_directory=True)
    (lists / ".hidden.csv").write_text("Телефон\n+79000000002\n", encoding="utf-8")
    (lists / ".DS_Store").write_bytes(b"of macOS")
    (lists / "._1.xlsx").write_bytes(b"of macOS")
    found = read_stop_lists(lists)
    assert {file.name: file.phones for file in found.files} == {
        ".hidden.csv": 1, str(Path("link") / "1.xlsx"): 1,
    }  # fmt: skip


def test_a_list_of_formulas_without_results_is_not_silent(tmp_path: Path) -> None:
    """To its reader such a row is empty."""
    path = stop_list(tmp_path / "s.xlsx", [["Телефон"], ['="7"&"9000000001"'], ["+79000000002"]])
    [file] = read_stop_lists(path).files
    assert (file.phones, file.skipped) == (1, 0)
    assert [(remark.key, remark.unread) for remark in file.remarks] == [("list.formulas", True)]
