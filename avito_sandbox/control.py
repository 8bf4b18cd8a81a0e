"""Commands that change the sandbox's state during a run."""

from __future__ import annotations

from typing import Any

from avito_sandbox.world import World

ACTIONS = (
    "new_message", "new_chat", "new_application", "sign_out", "sign_in", "expire_tokens",
    "remove_resume", "delete_chat", "shuffle_top", "set", "reset_counters",
)  # fmt: skip


def control(world: World, order: dict[str, Any]) -> dict[str, Any]:
    """Carry out `{"action": …, …}` and tell what came of it. Raises ValueError or KeyError."""
    arguments = dict(order)
    action = arguments.pop("action", None)
    if action == "new_message":
        direction = arguments.get("direction", "in")
        if direction not in ("in", "out"):
            raise ValueError("direction must be in or out")
        chat = world.chats_by_id[arguments["chat_id"]]
        sent = world.add_message(chat, direction, str(arguments.get("text", "Новое сообщение")))
        return {"message_id": sent.id}
    if action == "new_application":
        given = arguments.get("chat_id")
        applied = world.apply(world.chats_by_id[given] if given else world.add_chat())
        return {"chat_id": applied.chat_id, "application_id": applied.id}
    if action == "new_chat":
        return {"chat_id": world.add_chat().id}
    if action == "sign_out":
        world.sign_out()
    elif action == "sign_in":
        return {"sessid": world.sign_in()}
    elif action == "expire_tokens":
        return {"expired": world.expire_tokens()}
    elif action == "remove_resume":
        world.remove_resume(int(arguments["resume_id"]))
    elif action == "delete_chat":
        world.delete_chat(str(arguments["chat_id"]))
    elif action == "shuffle_top":
        return {"chat_ids": world.shuffle_top(int(arguments["count"]))}
    elif action == "set":
        if "field" in arguments:  # {"action": "set", "field": name, "value": …}
            arguments = {arguments["field"]: arguments.get("value")}
        world.change(**arguments)
    elif action == "reset_counters":
        world.reset_counters()
    else:
        raise ValueError(f"unknown action; allowed: {', '.join(ACTIONS)}")
    return {"ok": True}
