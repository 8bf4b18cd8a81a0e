"""The favourites page: «Резюме» and the number by which an employer checks that nothing is lost."""

from __future__ import annotations

from aiohttp import web

from avito_sandbox.web.session import html
from avito_sandbox.world import World

_PAGE = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">
<title>Избранное</title></head>
<body><nav><a href="/favorites?categoryId=111"><span>Вакансии</span> <span>12</span></a>
<a href="/favorites?categoryId=9"><span>Автомобили</span> <span>3</span></a> {tab}</nav>
<main>{main}</main><footer>Создать резюме бесплатно · 2007–2026</footer></body></html>"""


def favorites_page(world: World) -> web.Response:
    """The page in the scenario's markup."""
    told = world.scenario.favorites_count
    count = len(world.chats) if told is None else told
    number = f"{count:,}".replace(",", "\u00a0")
    link = '<a href="/favorites?categoryId=112">{}</a>'
    tab, main = link.format("<span>Резюме</span>"), "<h1>Избранное</h1>"
    markup = world.scenario.favorites_markup
    if markup == "tab":
        tab = link.format(f"<span>Резюме</span> <span>{number}</span>")
    elif markup == "heading":
        main = f"<h1>Резюме <sup>{number}</sup></h1>"
    elif markup == "inline":
        tab = link.format(f"Резюме ({number})")
    elif markup == "late":
        tab = link.format('<span>Резюме</span> <span id="n"></span>')
        main += f"<script>setTimeout(() => {{ n.textContent = '{number}' }}, 400)</script>"
    return html(_PAGE.format(tab=tab, main=main))
