"""Text that breaks careless programs: one list, used for names, titles and messages."""

from __future__ import annotations

HOSTILE: tuple[str, ...] = (
    '=HYPERLINK("http://example.invalid";"нажмите")',
    "=1+1",
    "+7=cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\tтабуляция\tв начале",
    "управляющие\x00\x01\x07\x0b\x1f\x7f символы",
    "одинокий суррогат не проходит, а это \ufffe и \uffff",
    "🙂👩‍👩‍👧‍👦🏳️‍🌈 эмодзи",
    "строка 1\nстрока 2\r\nстрока 3\u2028строка 4",
    "\u202eакоедопазан\u202c справа налево",
    "<b>жирный</b><script>alert(1)</script>&amp;",
    "кавычки \" ' ` « » и \\ обратная",
    "  пробелы  по краям  ",
    "_x0041_ и _x000D_",
    "zalgo: т̷̛̹е̶к̵с̸т",
    "https://example.invalid/?a=1&b=2",
    "null",
    "0123456789",
)
LONG = "длинно " * 5714 + "хв"  # 40,000 characters: more than a cell of a workbook takes
