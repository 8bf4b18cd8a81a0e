"""Makes the messages of a chat for each chat status, with bots and deleted messages."""

from __future__ import annotations

import random
from typing import NamedTuple

from avito_sandbox.data import words
from avito_sandbox.data.hostile import HOSTILE, LONG
from avito_sandbox.model import JSON, Direction

STATUSES = ("awaits_us", "read_no_reply", "unread", "replied", "refused", "never_written")
WEIGHTS = (30, 20, 15, 12, 8, 15)


class Line(NamedTuple):
    """One message before it has a time. `read`: the other side has seen it."""

    direction: Direction
    type: str
    content: JSON
    read: bool = True
    notice: bool = False
    author_id: int | None = None


def other_content(rng: random.Random, kind: str) -> JSON:
    """The content of a message that is not text, as the documents shape it."""
    if kind == "image":
        return {"image": {"sizes": {"140x105": "https://img.example.invalid/140x105/1.jpg"}}}
    if kind == "voice":
        return {"voice": {"voice_id": f"{rng.getrandbits(64):016x}"}}
    if kind == "call":
        return {"call": {"status": "missed", "target_user_id": rng.randrange(10**8, 4 * 10**8)}}
    if kind == "location":
        return {
            "location": {
                "kind": "street",
                "lat": 55.6,
                "lon": 37.6,
                "text": "Москва",
                "title": "Москва",
            }
        }
    if kind == "link":
        return {"link": {"text": "example.com", "url": "https://example.com", "preview": None}}
    return {}  # appCall, file, video: an empty object by the document


class Talk:
    """Makes the lines of a chat."""

    def __init__(
        self, rng: random.Random, field_words: bool = False, half_characters: bool = False
    ) -> None:
        self._rng = rng
        self._lures = words.FIELD_LURES if field_words else words.LURES
        self._refusals = words.FIELD_REFUSALS if field_words else words.REFUSALS
        self._cut = "\ud83d" if half_characters else ""

    def ours(self, read: bool = True) -> Line:
        """Something that the employer wrote."""
        return Line("out", "text", {"text": self._rng.choice(words.OURS)}, read)

    def theirs(self) -> Line:
        """Something that the candidate wrote: mostly text, hostile now and then."""
        rng = self._rng
        chance = rng.random()
        if chance < 0.06:
            kind = rng.choice(("image", "voice", "call", "location", "link", "file", "video"))
            return Line("in", kind, other_content(rng, kind))
        if chance < 0.10:
            return Line("in", "text", {"text": rng.choice(HOSTILE)})
        if chance < 0.101:
            return Line("in", "text", {"text": LONG})
        if chance < 0.16:
            return Line("in", "text", {"text": rng.choice(self._lures)})
        return Line("in", "text", {"text": rng.choice(words.THEIRS) + self._cut})

    def bot(self) -> Line:
        """A system message: of nobody, whichever way it points."""
        rng = self._rng
        if rng.random() < 0.5:
            text, flow, way = rng.choice(words.BOT_IN), "job_apply", "in"
        else:
            text, flow, way = rng.choice(words.BOT_OUT), "job_autoreply", "out"
        return Line("out" if way == "out" else "in", "system", {"text": text, "flow_id": flow})

    def notice(self, number: int, name: str) -> Line:
        """Avito's own message at the end of a chat, in one of the forms seen in the field."""
        prefix = "[Системное сообщение]"
        event = words.EVENTS[number % len(words.EVENTS)].format(
            name=name.split(" ")[0] or "Кандидат"
        )
        return (
            Line(
                "in",
                "system",
                {"text": f"{prefix} Кандидат открыл контакты"},
                notice=True,
                author_id=0,
            ),
            Line("in", "text", {"text": "Оцените кандидата"}, notice=True, author_id=0),
            Line("in", "text", {"text": "Напомните о себе"}, notice=True, author_id=1),
            Line("in", "text", {"text": f"{prefix} Кандидат не отвечает"}, notice=True),
            Line("in", "text", {"text": event}, notice=True),
        )[number % 5]

    def deleted(self, status: str) -> Line:
        """A message that was taken back, by either side that has written."""
        ours = self._rng.random() < 0.6 and status != "never_written"
        return Line("out" if ours else "in", "deleted", {})

    def refusal(self) -> Line:
        """The candidate says no."""
        return Line("in", "text", {"text": self._rng.choice(self._refusals) + self._cut})

    def lines(self, status: str, ours_first: bool, pad: int = 0) -> list[Line]:
        """A talk with the given chat status.

        `ours_first`: we opened it, the chat is not an answer to a vacancy. `pad`: so many
        messages more, put where the status can be told only by reading past a full page.
        """
        rng = self._rng
        lines: list[Line] = [] if ours_first else [self.bot()] * rng.randrange(2)
        if not ours_first:
            lines += [self.theirs() for _ in range(rng.randrange(3))]
        if status == "never_written":
            lines += [self.theirs() for _ in range(rng.randrange(2) + pad)]
        elif status == "awaits_us":
            if ours_first or rng.random() < 0.8 or pad:
                lines += [self.ours() for _ in range(rng.randrange(1, 3))]
            else:
                lines += [self.ours(), self.theirs(), self.ours()]
            lines += [self.theirs() for _ in range(rng.randrange(1, 3) + pad)]
        elif status == "read_no_reply":
            lines += [self.ours() for _ in range(rng.randrange(1, 3) + pad)]
        elif status == "unread":
            if rng.random() < 0.4:
                lines += [self.ours(), self.theirs()]
            lines += [self.ours(), *(self.ours() for _ in range(pad)), self.ours(read=False)]
        elif status == "replied":
            lines += [self.ours(), self.theirs(), *(self.ours() for _ in range(1 + pad))]
        elif not ours_first and rng.random() < 0.15:
            lines.append(self.refusal())  # before we ever wrote
        else:
            lines += [self.ours(), *(self.theirs() for _ in range(rng.randrange(2)))]
            lines.append(self.refusal())
            lines += [self.ours(rng.random() < 0.5) for _ in range(rng.randrange(2) + pad)]
        if rng.random() < 0.15 or not any(line.type == "text" for line in lines):
            lines += [self.bot() if rng.random() < 0.7 else self.deleted(status)]
        if status == "never_written" and rng.random() < 0.2:
            lines.append(Line("in", "deleted", {}))
        return lines

    def avito(self) -> list[Line]:
        """Avito and its assistants speak; the latter as if they were people."""
        rng = self._rng
        kind = "system" if rng.random() < 0.7 else "text"
        content: JSON = {"flow_id": "news"} if kind == "system" else {}
        return [
            Line("in", kind, {**content, "text": rng.choice(words.AVITO_TEXTS)})
            for _ in range(rng.randrange(1, 4))
        ]

    def private(self) -> list[Line]:
        """Talk that has nothing to do with hiring."""
        way = self._rng.random() < 0.5
        return [
            Line("out" if (n % 2 == 0) == way else "in", "text", {"text": text})
            for n, text in enumerate(self._rng.sample(words.PRIVATE, self._rng.randrange(1, 4)))
        ]
