"""Options of the made-up data. They take effect at the start only."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class DataOptions(BaseModel):
    """What is in the account."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    seed: int = 1
    """Same seed, same `now`: same account. Also decides the hashed class names and the faults."""
    chats: int = Field(default=2655, ge=0, le=200_000)
    """Number of chats in the account."""
    now: int | None = Field(default=None, ge=0)
    """Unix seconds at which the sandbox's clock starts; by default the real time."""
    account_id: int = 94235311
    """The employer's account, as the messenger paths need it."""
    chat_days: int = Field(default=500, ge=1)
    """How many days back chats without an application may have gone silent."""
    application_days: int = Field(default=200, ge=1)
    """How many days back applications reach."""
    old_applications_share: float = Field(default=0.0, ge=0, le=1)
    """Share of the applications that were made 370 to 700 days ago instead."""
    removed_share: float = Field(default=0.04, ge=0, le=1)
    """Share of the resumes that the candidates have taken down (404)."""
    unpurchased_share: float = Field(default=0.006, ge=0, le=0.1)
    """Share of the chats that are about a resume which nobody has paid for: contacts cost money.
    Unless 0 there are eight at least from 480 chats on."""
    notices_every: int = Field(default=0, ge=0)
    """Every so many chats ends with a notice of Avito's, in turn: a system message, one by author 0
    or 1, one that only its prefix tells, one of the list's events (0: none)."""
    field_words: bool = False
    """Candidates say no, and what only looks like it, in the words seen in the field."""
    half_characters: bool = False
    """Half of an emoji, as `\\ud83d`, at the end of messages, titles and remarks."""
    odd_numbers: bool = False
    """Salaries and ages now and then have thirty digits."""
    deep_values: bool = False
    """A field of some resumes that nobody reads is nested 200,000 deep."""
    field_applications: bool = False
    """Applications as captured in the field: `resume_id` absent where there is none, the name in
    one piece in any order and case, gender and education in words, citizenship as a code,
    `enriched_properties` null, five digits of fraction, `by_phone` beside a chat."""
    loose_types: bool = True
    """Numbers where strings are promised, now and then, as in the published examples:
    `resume_id` of applications, phones."""
