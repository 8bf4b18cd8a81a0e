"""Changes during the loads of a page: chats jump, new ones come, sessions end."""

from __future__ import annotations

from avito_sandbox.model import Chat
from avito_sandbox.world import World

_TEXTS = ("Здравствуйте, вы ещё ищете людей?", "Добрый день! Мы вас ждём.")


def happen(world: World, load: int, cursor: int | None, limit: int) -> None:
    """Everything that the scenario has for this load, before its page is put together."""
    scenario = world.scenario
    if scenario.jump_every and load % scenario.jump_every == 0:
        chat = _who_jumps(world, cursor, limit)
        if chat is not None:
            world.add_message(chat, "out" if world.jumps % 2 else "in", _TEXTS[world.jumps % 2])
            world.jumps += 1
            world.counters.jumps.append(chat.id)
    new = world.counters.new_chats
    more = scenario.new_times is None or len(new) < scenario.new_times
    if scenario.new_every and more and load % scenario.new_every == 0:
        new.append(world.add_chat().id)


def _who_jumps(world: World, cursor: int | None, limit: int) -> Chat | None:
    """In turn: one not loaded yet, one loaded, the one that would come next."""
    ahead = world.after(cursor, len(world.chats))
    behind = world.chats[: len(world.chats) - len(ahead)]
    turn = world.jumps % 3
    far = ahead[limit:]
    if turn == 0 and far:
        return world.rng.choice(far)
    if turn == 1 and len(behind) > 1:
        return world.rng.choice(behind[1:])
    return ahead[0] if ahead else None
