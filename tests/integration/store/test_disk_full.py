"""No room for the store: a clear line, and what was there before is whole."""

from __future__ import annotations

from pathlib import Path

from avito_scrapy.store import open_store
from tests.integration.store.processes import run
from tests.integration.store.records import new_run, record

# The system's limit on the size of a file stands for a full disk: writes past it fail.
_LIMIT = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, {bytes}))
"""
_FILL = """
try:
    store = open_store(url)
    run_id = new_run(store)
    for number in range(1, 100_000):
        store.outcomes.put(run_id, record(number, title="x" * 2000))
except StoreProblem as problem:
    print(number)
    print(problem)
"""


def test_a_store_that_grows_too_big(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    with open_store(url) as store:
        before = new_run(store)
        store.outcomes.put(before, record(0))
    done = run(_LIMIT.format(bytes=6_000_000) + _FILL, url)
    assert (done.returncode, done.stderr) == (0, "")
    failed_at, said = done.stdout.splitlines()
    assert said.startswith(f"store: {tmp_path}/store.db ")
    assert "disk" in said
    assert int(failed_at) > 100
    with open_store(url) as store:
        assert list(store.outcomes.of_run(before)) == [record(0)]
        last = store.runs.last("resumes")
        assert last is not None
        kept = list(store.outcomes.of_run(last.id))
        assert [r.position for r in kept] == list(range(1, int(failed_at)))


def test_a_store_that_cannot_even_begin(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    code = "number = 0" + _LIMIT.format(bytes=1000) + _FILL
    done = run(code, f"sqlite:///{path}")
    assert (done.returncode, done.stderr) == (0, "")
    failed_at, said = done.stdout.splitlines()
    assert failed_at == "0"
    assert said.startswith(f"store: {path} ")
    assert "disk" in said
    with open_store(f"sqlite:///{path}") as store:
        assert store.runs.start("chats") == 1, "and works once there is room"


def test_a_file_that_cannot_be_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "chats.jl"
    before = "".join(f'{{"chat_id": "u2i-{number}"}}\n' for number in range(10_000))
    path.write_text(before)
    code = _LIMIT.format(bytes=100_000) + (
        "from pathlib import Path\n"
        "from avito_scrapy.files import remove_chats\n"
        "try:\n"
        "    remove_chats(Path(url), {'u2i-5'}, [])\n"
        "except OSError as error:\n"
        "    print(error.strerror)\n"
    )
    done = run(code, str(path))
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "File too large\n")
    assert path.read_text() == before
    assert [left.name for left in tmp_path.iterdir()] == ["chats.jl"]
