"""Both spiders in service: a real Scrapyd, a real egg, a real browser, the sandbox's Avito."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.integration.accounts.project import account_sandbox
from tests.integration.scrapyd.server import PROJECT, Scrapyd
from tests.policy.code import documented_stats, related
from tests.policy.imports import ROOT
from tests.support.resumes_run import write_chats

CHATS = 120
KEYS = {"AVITO_CLIENT_ID": "sandbox-id", "AVITO_CLIENT_SECRET": "sandbox-secret"}


@pytest.fixture(scope="module")
def scrapyd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    with Scrapyd(tmp_path_factory.mktemp("scrapyd"), KEYS) as server:
        server.deploy()
        yield server


def where(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    return {
        "AVITO_WEB_URL": sandbox.web_url,
        "AVITO_API_URL": sandbox.api_url,
        "AVITO_DATA_DIR": str(folder),
    }


def lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:  # str.splitlines() would split inside of texts
        return [json.loads(line) for line in file]


def health(folder: Path) -> Any:
    return json.loads((folder / "health.json").read_text(encoding="utf-8"))


def test_a_stranger_is_turned_away(scrapyd: Scrapyd) -> None:
    assert scrapyd.status_without_password() == 401
    assert scrapyd.ask("listspiders.json", fields={"project": PROJECT})["spiders"] == [
        "chats",
        "resumes",
    ]


def test_chats_then_resumes(scrapyd: Scrapyd, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Sandbox(Scenario(chats=CHATS, rate_limit_rps=100)) as sandbox:
        settings = where(sandbox, data)
        # Resumes waits its turn although it comes first: chats has the higher priority.
        scroll = scrapyd.schedule("chats", settings, priority=1, pace="fast", expected=CHATS)
        search = scrapyd.schedule("resumes", settings, priority=0, messages="no")
        scrapyd.wait_for(scroll, search, seconds=90)
        ids = [chat["chat_id"] for chat in sandbox.truth()]
        asked = sandbox.counters()
    told = health(data)
    for spider, job in (("chats", scroll), ("resumes", search)):
        run = told["runs"][spider]
        log = scrapyd.job_log(spider, job)
        assert (run["reason"], run["status"], run["crossed"]) == ("finished", 0, []), log
        assert run["figures"]["chats"] == CHATS
        # Of two that speak after the end, either may be the last.
        assert "Ended: finished (status 0)" in "".join(log.splitlines()[-2:])
        unknown = {stat for stat in run["stats"] if not any(map(known(stat), documented_stats()))}
        assert not unknown, "not in docs/stats.md"
    assert told["spider"] == "resumes"

    assert asked["chats_opened"] == asked["contacts_bought"] == 0
    assert sorted(chat["chat_id"] for chat in lines(data / "chats.jl")) == sorted(ids)
    found = lines(data / "resumes.jl")
    assert sorted(chat["chat_id"] for chat in found) == sorted(ids)
    assert "failed" not in {chat["outcome"] for chat in found}
    assert (data / "resumes.xlsx").stat().st_size > 0
    assert "sandbox-secret" not in scrapyd.log() + scrapyd.job_log("resumes", search)


def known(stat: str) -> Any:
    return lambda documented: related(documented, stat)


def test_cancel_ends_a_scroll(scrapyd: Scrapyd, tmp_path: Path) -> None:
    slow = Scenario(chats=2000, page_latency_ms=300)
    with Sandbox(slow) as sandbox:
        job = scrapyd.schedule("chats", where(sandbox, tmp_path))
        scrapyd.wait(lambda: sandbox.counters()["loads"] >= 4, 60)
        assert scrapyd.cancel(job) == "running"
        scrapyd.wait_for(job, seconds=60)
        assert sandbox.counters()["chats_opened"] == 0
        assert sandbox.counters()["loads"] < 2000 / 30
    told = health(tmp_path)
    assert (told["reason"], told["status"]) == ("shutdown", 1)
    got = lines(tmp_path / "chats.jl")
    assert 30 <= len(got) < 2000
    assert told["figures"]["chats"] == len(got)


def test_a_job_that_is_refused_says_so(scrapyd: Scrapyd, tmp_path: Path) -> None:
    settings = {"AVITO_DATA_DIR": str(tmp_path)}
    job = scrapyd.schedule("chats", settings, pace="slow")
    scrapyd.wait_for(job, seconds=30)
    told = health(tmp_path)
    assert (told["reason"], told["status"]) == ("not_started", 2)
    assert told["advice"] == "argument pace: must be fast or human"
    assert told["advice"] in "".join(scrapyd.job_log("chats", job).splitlines()[-2:])


def test_the_script_for_a_timer_schedules_both(scrapyd: Scrapyd, tmp_path: Path) -> None:
    (tmp_path / "chats.jl").touch()
    netrc = str(scrapyd.folder / ".netrc")
    environment = {**os.environ, "SCRAPYD_URL": scrapyd.url, "SCRAPYD_NETRC": netrc}
    # Two that are refused at once: the script is looked at, not the spiders.
    wrong = f"setting=AVITO_DATA_DIR={tmp_path}", "setting=AVITO_TZ=Nowhere/At all"
    script = subprocess.run(
        [ROOT / "deploy" / "schedule-both.sh", *wrong],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert script.returncode == 0, script.stderr
    jobs = [json.loads(line)["jobid"] for line in script.stdout.splitlines()]
    scrapyd.wait_for(*jobs, seconds=30)
    logs = [
        scrapyd.job_log(name, job) for name, job in zip(("chats", "resumes"), jobs, strict=True)
    ]
    assert all("AVITO_TZ: a time zone like Europe/Moscow" in log for log in logs)


def test_two_accounts_and_no_key_to_be_seen(scrapyd: Scrapyd, tmp_path: Path) -> None:
    accounts = scrapyd.folder / "accounts"
    accounts.mkdir()
    seen: set[str] = set()

    def processes() -> None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):  # one that has just ended
                seen.add(path.read_text(encoding="utf-8", errors="replace"))

    with account_sandbox(1) as north, account_sandbox(2) as south:
        sandboxes = {"north": north, "south": south}
        jobs = []
        for name, sandbox in sandboxes.items():
            scenario = sandbox.scenario
            (accounts / f"{name}.env").write_text(
                f"AVITO_CLIENT_ID={scenario.client_id}\n"
                f"AVITO_CLIENT_SECRET={scenario.client_secret}\n"
                f"AVITO_API_URL={sandbox.api_url}\n"
            )
            (accounts / f"{name}.env").chmod(0o600)
            (tmp_path / name).mkdir()
            write_chats(sandbox, tmp_path / name)
            given = {"AVITO_ACCOUNT": name, "AVITO_DATA_DIR": str(tmp_path)}
            jobs.append(scrapyd.schedule("resumes", given))

        def over() -> bool:
            processes()
            listed = scrapyd.ask("listjobs.json", fields={"project": PROJECT})["finished"]
            return {job["id"] for job in listed} >= set(jobs)

        scrapyd.wait(over, 90)
        for name, sandbox in sandboxes.items():
            told = health(tmp_path / name)
            assert (told["reason"], told["status"]) == ("finished", 0)
            assert told["account"] == f"{name} ({sandbox.scenario.account_id})"
            found = {
                line["chat_id"]: line["outcome"] for line in lines(tmp_path / name / "resumes.jl")
            }
            assert found == {chat["chat_id"]: chat["outcome"] for chat in sandbox.truth()}
        secrets = [
            text
            for s in sandboxes.values()
            for text in (s.scenario.client_secret, s.scenario.client_id)
        ]
    assert any("AVITO_ACCOUNT=north" in line for line in seen)
    shown = [scrapyd.log(), scrapyd.page("jobs"), scrapyd.page(""), *seen]
    shown += [scrapyd.job_log("resumes", job) for job in jobs]
    assert not [secret for secret in secrets if any(secret in text for text in shown)]
