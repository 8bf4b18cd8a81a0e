"""Whether two ways of writing a name may be the same person."""

from __future__ import annotations

import re
from collections.abc import Iterable

Name = frozenset[str]
_WORD = re.compile(r"[^\W\d_]+")


def words(name: str | None) -> Name:
    """The words of ``name``, without case, order, marks and the dots of ё."""
    return frozenset(_WORD.findall((name or "").casefold().replace("ё", "е")))


def agree(one: Name, other: Name) -> bool:
    """Whether every word of the shorter name is in the longer one; an initial stands for its word.

    «Иван» agrees with «Иванов Иван» and «Иванов И.», not with «Иванова Мария». No name agrees with
    every name: it contradicts none.
    """
    short, long = sorted((one, other), key=len)
    left = set(long)
    for word in sorted(short, key=len, reverse=True):
        found = word if word in left else next((o for o in left if _initial(word, o)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _initial(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]


def same_people(named: Iterable[tuple[int, Name]]) -> list[set[int]]:
    """Sort (person, name) that share one phone into groups of the same person.

    A name that would fit two groups («Иван» beside «Иванов Иван» and «Петров Иван») fits neither
    for certain: it stays alone.
    """
    groups: list[tuple[set[int], list[Name]]] = []
    for person, name in sorted(named, key=lambda pair: (-len(pair[1]), pair[0])):
        fits = [group for group in groups if all(agree(name, other) for other in group[1])]
        if len(fits) == 1:
            fits[0][0].add(person)
            fits[0][1].append(name)
        else:
            groups.append(({person}, [name]))
    return [people for people, _ in groups]
