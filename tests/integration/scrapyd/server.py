"""A real Scrapyd with the example's configuration, on a free loopback port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import urllib3

from tests.policy.imports import ROOT
from tests.support.privacy import assert_private

PROJECT = "avito_scrapy"
USER, PASSWORD = "avito", "CHANGE-ME"
POLL_S = 0.1


class Scrapyd:
    """Started on entering, ended by its pid on leaving.

    Args:
        folder: where it lives: configuration, logs, eggs, queue.
        environment: what its jobs find in theirs (keys, as deploy/systemd/scrapyd.service has it).
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        example = (ROOT / "deploy" / "scrapyd.conf").read_text(encoding="utf-8")
        quick = example.replace("poll_interval = 5", f"poll_interval = {POLL_S}")
        (folder / "scrapyd.conf").write_text(quick, encoding="utf-8")
        netrc = folder / ".netrc"
        netrc.write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n", encoding="utf-8")
        netrc.chmod(0o600)
        clean = {key: value for key, value in os.environ.items() if not key.startswith("AVITO_")}
        self.environment = {**clean, "HOME": str(folder)}
        self._jobs = environment
        self._pool = urllib3.PoolManager(retries=False, timeout=20)
        self._auth = urllib3.make_headers(basic_auth=f"{USER}:{PASSWORD}")

    def __enter__(self) -> Scrapyd:
        try:
            for _ in range(5):  # somebody else may take the port meanwhile
                self._start()
                self.wait(lambda: self._ended() or self._listens(), 60)
                if not self._ended():
                    return self
            raise AssertionError(self.log())
        except BaseException:
            self.__exit__()
            raise

    def _start(self) -> None:
        with socket.socket() as free:  # Scrapyd takes port 0 for "none"
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.environment["SCRAPYD_HTTP_PORT"] = str(port)
        command = [sys.executable, "-m", "scrapyd"]
        with (self.folder / "scrapyd.log").open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment | self._jobs,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def _ended(self) -> bool:
        return self._process.poll() is not None

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        for log in self.folder.rglob("*.log"):
            assert_private(log.read_text(encoding="utf-8"))

    def _listens(self) -> bool:
        try:
            return bool(self.ask("daemonstatus.json"))
        except (urllib3.exceptions.HTTPError, ValueError, KeyError):
            return False  # nobody is there, or somebody else

    def log(self) -> str:
        """What Scrapyd itself logged."""
        return (self.folder / "scrapyd.log").read_text(encoding="utf-8")

    def job_log(self, spider: str, job: str) -> str:
        """What a job logged."""
        path = self.folder / "logs" / PROJECT / spider / f"{job}.log"
        return path.read_text(encoding="utf-8")

    def status_without_password(self) -> int:
        """HTTP status for somebody who does not know the password."""
        return self._pool.request("GET", f"{self.url}/daemonstatus.json").status

    def page(self, path: str) -> str:
        """One of Scrapyd's pages for people."""
        came = self._pool.request("GET", f"{self.url}/{path}", headers=self._auth)
        assert came.status == 200
        return came.data.decode()

    def ask(self, action: str, verb: str = "GET", fields: Any = ()) -> Any:
        """The answer of one of Scrapyd's web services."""
        url = f"{self.url}/{action}"
        if verb == "GET":
            came = self._pool.request(verb, url, fields=dict(fields), headers=self._auth)
        else:
            came = self._pool.request(
                verb, url, fields=list(fields), headers=self._auth, encode_multipart=False
            )
        told = came.json()
        assert told["status"] == "ok", told
        return told

    def deploy(self) -> str:
        """Deploy the project as a person does, from a copy of it; what scrapyd-deploy said."""
        copy = self.folder / "project"
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / PROJECT, copy / PROJECT, ignore=leave)
        shutil.copy(ROOT / "setup.py", copy)
        target = (ROOT / "scrapy.cfg").read_text(encoding="utf-8")
        assert "http://127.0.0.1:6800/" in target
        here = target.replace("http://127.0.0.1:6800/", f"{self.url}/")
        (copy / "scrapy.cfg").write_text(here, encoding="utf-8")
        command = [str(Path(sys.executable).with_name("scrapyd-deploy"))]
        done = subprocess.run(
            command, cwd=copy, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def schedule(self, spider: str, settings: dict[str, str], **fields: Any) -> str:
        """Schedule a job; its id."""
        form = [("project", PROJECT), ("spider", spider), *fields.items()]
        form += [("setting", f"{name}={value}") for name, value in settings.items()]
        return str(self.ask("schedule.json", "POST", form)["jobid"])

    def cancel(self, job: str) -> str:
        """Cancel a job; the state it was in."""
        told = self.ask("cancel.json", "POST", {"project": PROJECT, "job": job}.items())
        return str(told["prevstate"])

    def wait_for(self, *jobs: str, seconds: float) -> None:
        """Wait until Scrapyd lists all ``jobs`` as finished."""

        def over() -> bool:
            listed = self.ask("listjobs.json", fields={"project": PROJECT})["finished"]
            return {job["id"] for job in listed} >= set(jobs)

        self.wait(over, seconds)

    def wait(self, what: Callable[[], bool], seconds: float) -> None:
        """Wait until ``what`` holds; an error with the log when it does not come."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"waited {seconds} s in vain:\n{self.log()}"
            time.sleep(POLL_S)
