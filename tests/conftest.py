"""What holds for all tests, and what is said at their end."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import coverage
import pytest
from hypothesis import HealthCheck, settings

from tests.support.privacy import looked_through

# How long a machine takes to think of an example says nothing of the code.
# The same examples each time: a change is what makes a test fail, not chance.
settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
settings.load_profile("untimed")

# The dearest first: a worker that begins one of them last keeps the others waiting for its end.
_DEAREST = (
    "integration/chats/test_shapes_and_traps", "integration/accounts/test_fleet",
    "integration/chats/test_refusals", "e2e/resumes", "e2e/chats", "integration/resumes",
    "integration/chats", "integration/report", "integration/health", "integration/scrapyd",
    "integration/", "e2e/",
)  # fmt: skip
# The processes of these are measured. It makes a crawl twice as dear: the others run as they do for
# a person, and import the libraries once for all (tests/support/forked.py).
_MEASURED = (
    "e2e/dashboard/test_pages", "integration/commands/", "integration/doctor/",
    "integration/health/test_health", "integration/resumes/test_sign_in",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        return next((n for n, name in enumerate(_DEAREST) if f"tests/{name}" in item.nodeid), 99)

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What is there now stays: each collection of garbage would go through all of it, and often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


# Drive the package from outside, all but a few. To measure the process of such a test tells of
# little but the sandbox, and slows down every line of Python in it.
_OUTSIDE = (
    "e2e/", "integration/accounts/", "integration/commands/", "integration/contract/",
    "integration/doctor/test_command", "integration/fresh/", "integration/health/",
    "integration/resumes/", "integration/scrapyd/",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def measured(request: pytest.FixtureRequest) -> Iterator[None]:
    def is_one_of(names: Sequence[str]) -> bool:
        return any(f"tests/{name}" in request.node.nodeid for name in names)

    running = coverage.Coverage.current() if is_one_of(_OUTSIDE) else None
    with pytest.MonkeyPatch.context() as patch:
        if not is_one_of(_MEASURED):
            patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
            patch.delenv("COVERAGE_PROCESS_START", raising=False)
        if running is not None:
            running.stop()
        yield
        if running is not None:
            running.start()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of several tells the one that sums up."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["looked_through"] = dict(looked_through)


class _Sum:
    """Takes in what the processes of a distributed run tell."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        told: Mapping[str, int] = getattr(node, "workeroutput", {}).get("looked_through", {})
        looked_through.update(told)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Sum())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not looked_through["logs"]:
        return
    terminalreporter.write_line(
        f"{looked_through['logs']:,} logs of crawls and commands looked through "
        f"({looked_through['lines']:,} lines): no secret, token, phone, e-mail or name"
    )
