"""The control figure: how many resumes the employer has saved, as the favourites page says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from avito_scrapy.avito.web_messenger import FAVORITES_PATH
from avito_scrapy.browser.messenger_page import MessengerPage

# Seconds for the number to appear; a nought may stand there until it does.
FIGURE_TIMEOUT = 5.0

_NUMBER = r"\d{1,3}(?:[\s\u00a0\u202f]\d{3})+|\d+"
_SPACE = r"[\s\u00a0\u202f]*"
# «Резюме 2 655», «Резюме (2655)», «2655 резюме»: nothing else with a number in the same element,
# where the number could belong to something else.
_FIGURE = re.compile(
    rf"\D*резюме[\s\u00a0\u202f:·•—–(\-]*({_NUMBER}){_SPACE}\)?{_SPACE}"
    rf"|{_SPACE}({_NUMBER}){_SPACE}резюме\D*",
    re.IGNORECASE,
)

# The texts of whatever holds the word, the smallest first: a tab's before the whole page's. A
# number may stand beside the word in an element of its own.
_TEXTS = """() => [...document.querySelectorAll('body *')]
  .filter((node) => !node.matches('script, style, noscript, template'))
  .map((node) => {
    const [own, next] = [node.textContent, node.nextElementSibling?.textContent ?? ""];
    const apart = /^\\s*резюме\\s*$/i.test(own) && /^[\\s\\d]+$/.test(next);
    return apart ? `${own} ${next}` : own;
  })
  .filter((text) => text.length < 200 && /резюме/i.test(text))
  .sort((a, b) => a.length - b.length)"""


def figure(texts: Iterable[str]) -> int | None:
    """The number beside the word «Резюме» in the first of ``texts`` that has one.

    Thousands may be set apart by spaces of any kind. A rounded number («2,6 тыс.») is none.
    """
    for text in texts:
        found = _FIGURE.fullmatch(text)
        if found:
            return int(re.sub(r"\D", "", found[1] or found[2]))
    return None


async def read_favorites(page: MessengerPage) -> int | None:
    """Go to the favourites page and read the control figure; None when it cannot be read.

    Raises:
        MessengerError: the page shows a sign-in or a refusal, or the run must end.
    """
    if not await page.visit(FAVORITES_PATH):
        return None
    found = None
    for _ in range(int(FIGURE_TIMEOUT / 0.25)):
        found = figure(await page.texts(_TEXTS))
        if found:
            break
        await page.check_blocks()
        await page.waiter.sleep(0.25)
    return found
