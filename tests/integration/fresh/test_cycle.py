"""Cycles of both spiders without a browser, against the sandbox."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Thread

from avito_sandbox import Sandbox, Scenario
from tests.integration.health.runs import Hook
from tests.support.killing import kill_when
from tests.support.resumes_run import ResumesRun, assert_true, credentials, run_again
from tests.support.scrapy_run import Result, crawl

API = {"source": "api", "until": "known"}


def list_chats(sandbox: Sandbox, folder: Path, **args: object) -> Result:
    # A browser that is not there: none is looked for.
    env = {**credentials(sandbox), "AVITO_BROWSER": str(folder / "no-browser")}
    return crawl("chats", data_dir=folder, args={**API, **args}, env=env, timeout=90)


def requests(sandbox: Sandbox) -> int:
    counters = sandbox.counters()
    assert counters["loads"] == 0
    return sum(counters["requests"].values())


def cycle(
    sandbox: Sandbox, folder: Path, args: Mapping[str, object] = {}
) -> tuple[int, ResumesRun]:
    sandbox.reset_counters()
    listed = list_chats(sandbox, folder)
    assert (listed.reason, listed.status) == ("finished", 0), listed.log
    run = run_again(sandbox, folder, args=args)
    assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
    assert_true(run.lines, {chat["chat_id"]: chat for chat in sandbox.truth()})
    return requests(sandbox), run


def test_a_cycle_asks_for_what_has_changed(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=400, rate_limit_rps=900)) as sandbox:
        cycle(sandbox, tmp_path)
        unread = sum(chat["is_unread"] for chat in sandbox.truth())
        asked, run = cycle(sandbox, tmp_path)
        assert asked <= 12 + unread // 100 + 1, sandbox.counters()["requests"]
        assert {line["from_store"] for line in run.lines.values()} == {True}

        truth = sandbox.truth()
        # A question right after a refusal does not take it back.
        written = [
            chat["chat_id"]
            for chat in truth
            if chat["outcome"] == "found" and chat["chat_status"] != "refused"
        ][-3:]
        for chat_id in written:
            sandbox.control(action="new_message", chat_id=chat_id, text="Когда выходить?")
        asked, run = cycle(sandbox, tmp_path)
        assert asked <= 45 + unread // 100 + 1, sandbox.counters()["requests"]
        anew = {chat for chat, line in run.lines.items() if not line["from_store"]}
        assert set(written) <= anew

        # The input says nothing of what has changed, or what was true long ago.
        sandbox.control(action="new_message", chat_id=written[0], direction="out", text="Завтра")
        (tmp_path / "ids.txt").write_text("\n".join(run.lines), encoding="utf-8")
        sandbox.reset_counters()
        run = run_again(sandbox, tmp_path, args={"input": tmp_path / "ids.txt"})
        assert_true(run.lines, {chat["chat_id"]: chat for chat in sandbox.truth()})
        assert requests(sandbox) <= 60, sandbox.counters()["requests"]
        assert run.lines[written[0]]["last_message"] == "Завтра"
        run = run_again(sandbox, tmp_path)
        assert run.lines[written[0]]["last_message"] == "Завтра"


def test_a_list_whose_newest_chats_are_all_of_this_hour_is_known_by_avitos_clock(
    tmp_path: Path,
) -> None:
    with Sandbox(Scenario(chats=1250, rate_limit_rps=900)) as sandbox:
        now = time.time_ns()
        for number, chat in enumerate(sandbox.world.chats):
            # The newest 1,100 reach back 40 minutes.
            later = now - (number + 1) * 2_200_000_000 - chat.sort_ns
            chat.sort_ns += later
            for message in chat.messages:
                message.ns += later
        (tmp_path / "ids.txt").write_text("\n".join(chat.id for chat in sandbox.world.chats))
        plain = {"input": tmp_path / "ids.txt"}
        first = run_again(sandbox, tmp_path, args=plain)
        assert first.result.status == 0, first.result.log
        sandbox.reset_counters()
        run = run_again(sandbox, tmp_path, args=plain)
        assert_true(run.lines, {chat["chat_id"]: chat for chat in sandbox.truth()})
        assert requests(sandbox) <= 60, sandbox.counters()["requests"]


def test_applications_that_came_within_five_minutes_are_open_until_they_are_read(
    tmp_path: Path,
) -> None:
    with Sandbox(Scenario(chats=120, rate_limit_rps=900)) as sandbox:
        cycle(sandbox, tmp_path)
        old = next(chat for chat in sandbox.truth() if chat["kind"] == "own_vacancy")
        sandbox.control(action="new_application", chat_id=old["chat_id"])
        sandbox.control(action="new_message", chat_id=old["chat_id"], text="Я откликнулся")
        new = sandbox.control(action="new_application")
        changed = {old["chat_id"], new["chat_id"]}

        list_chats(sandbox, tmp_path)
        run = run_again(sandbox, tmp_path)
        assert run.result.status == 0, run.result.log
        assert {(run.lines[one]["outcome"], run.lines[one]["match"]) for one in changed} == {
            ("failed", None)
        }
        for one in changed:
            assert "newer applications are not known yet" in run.lines[one]["reason"]
        others = {chat["chat_id"]: chat for chat in sandbox.truth()}
        unchanged = {one: line for one, line in run.lines.items() if one not in changed}
        assert_true(unchanged, {one: others[one] for one in unchanged})

        with closing(sqlite3.connect(tmp_path / ".avito/store.db")) as store, store:
            store.execute("UPDATE avito_application_index SET polled_at = polled_at - 300")
        _, run = cycle(sandbox, tmp_path)
        assert sandbox.counters()["requests"]["applications"] == 1
        assert {run.lines[one]["outcome"] for one in changed} == {"found"}


def test_past_the_cap_without_an_earlier_list_it_says_what_is_missing(tmp_path: Path) -> None:
    # One request for items in 2.4 seconds, which are the 25 a minute that Avito allows.
    limits = {"items": 25 / 60}
    with Sandbox(Scenario(chats=1600, rate_limit_rps=900, rate_limits=limits)) as sandbox:
        world = sandbox.world
        for number in range(120):
            vacancy = replace(world.vacancies[0], id=world.vacancies[0].id + 10_000 + number)
            world.vacancies.append(vacancy)
        last = [chat for chat in world.chats if chat.kind == "own_vacancy"][-1]
        last.item = world.vacancies[-1]
        result = list_chats(sandbox, tmp_path)
        assert (result.reason, result.status) == ("incomplete", 3), result.log
        assert "One run with a browser makes it whole" in result.log
        assert "newest 1100" in result.log
        assert len(result.items("chats.jl")) >= 1100
        assert last.id in {line["chat_id"] for line in result.items("chats.jl")}
        assert result.stats["avito/chats/source/items"] == 1
        counters = sandbox.counters()
        assert (counters["requests"]["items"], counters["too_many"]) == (2, 0)


def test_a_list_without_texts(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=60, rate_limit_rps=900, message_texts="hidden")) as sandbox:
        result = list_chats(sandbox, tmp_path)
        assert (result.reason, result.status) == ("finished", 0), result.log
        assert "Avito hides the texts" in result.log
        lines = result.items("chats.jl")
        said = {(line["last_message"], line["last_message_direction"]) for line in lines}
        assert said == {(None, None)}


def test_a_cycle_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=250, rate_limit_rps=900)) as sandbox:
        first = list_chats(sandbox, tmp_path)
        assert first.status == 0, first.log
        left = (tmp_path / "chats.jl").read_bytes()
        new = sandbox.control(action="new_chat")["chat_id"]
        sandbox.reset_counters()
        sandbox.control(action="set", latency_ms=500)
        kill_when(
            sandbox, tmp_path, lambda: sandbox.counters()["requests"].get("chats", 0) > 0, API,
            spider="chats",
        )  # fmt: skip
        assert (tmp_path / "chats.jl").read_bytes() == left
        sandbox.control(action="set", latency_ms=0)
        again = list_chats(sandbox, tmp_path)
        assert (again.reason, again.status) == ("finished", 0), again.log
        found = {line["chat_id"] for line in again.items("chats.jl")}
        assert found >= {new, *(line["chat_id"] for line in first.items("chats.jl"))}


def test_a_webhook_hears_only_of_people_who_newly_wait(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=40, rate_limit_rps=900)) as sandbox, Hook([204] * 4) as hook:
        thread = Thread(target=hook.serve_forever, args=(0.01,))
        thread.start()
        env = {**credentials(sandbox), "AVITO_NOTIFY_NEW": "true", "AVITO_WEBHOOK_URL": hook.url}

        def heard() -> list[str]:
            before = len(hook.told)
            for spider, args in (("chats", API), ("resumes", {})):
                result = crawl(spider, data_dir=tmp_path, args=args, env=env, timeout=90)
                assert result.status == 0, result.log
            return [told["spider"] for told in hook.told[before:]]

        try:
            assert heard() == ["resumes"]
            assert heard() == []
            truth = sandbox.truth()
            answered = next(one for one in truth if one["last_message_direction"] == "out")
            sandbox.control(action="new_message", chat_id=answered["chat_id"], text="Когда?")
            assert heard() == ["resumes"]
            assert hook.told[-1]["figures"]["waiting_new"] == 1
        finally:
            hook.shutdown()
            thread.join()
