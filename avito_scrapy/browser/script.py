"""The scripts that run inside the page, read as package data: eggs may be zipped."""

from __future__ import annotations

from importlib.resources import files


def source(name: str) -> str:
    """The text of the script ``name`` of this package."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
