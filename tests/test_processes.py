"""Child processes are isolated, bounded, and gone when nobody waits for them any more."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph_service import processes
from graph_service.errors import ProcessError, SnapshotError
from graph_service.processes import ProcessLimits
from graph_service.snapshots.publication import Publication
from graph_service.snapshots.snapshot import open_snapshot
from graph_service.store import disk
from tests.http.processes import people, write_snapshot
from tests.store.asking import lives, until

LIMITS = ProcessLimits(60, 1 << 30, 100)
WAITS = """
import os, pathlib, subprocess, sys, time
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()} {below.pid}\\n")
time.sleep(600)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a module `child`."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "child.py"


def run(*arguments: str, limits: ProcessLimits = LIMITS) -> bytes:
    return asyncio.run(processes.run("child", *arguments, limits=limits))


def test_output_and_errors_come_through(module: Path) -> None:
    module.write_text("import sys; print(sys.argv[1])")
    assert run("what it was told") == b"what it was told\n"
    module.write_text(
        "from graph_service import processes\nfrom graph_service.errors import SnapshotError\n"
        "def work():\n    raise SnapshotError('It is broken.', hint='Build anew.')\nprocesses.report(work)"
    )
    with pytest.raises(SnapshotError, match=r"^It is broken\. Build anew\.$"):
        run()
    module.write_text("from graph_service import processes\nprocesses.report(lambda: open('/nowhere/at/all'))")
    with pytest.raises(ProcessError, match="No such file or directory: /nowhere/at/all"):
        run()
    module.write_text("import sys; sys.stderr.write('x' * 1_000_000 + '\\nlast words\\n'); sys.exit(3)")
    with pytest.raises(ProcessError, match="exit code 3: last words"):
        run()
    module.write_text("import os; os.abort()")
    with pytest.raises(ProcessError, match="SIGABRT"):
        run()


def test_limits_hold(module: Path) -> None:
    module.write_text("while True: print('x' * 1000)")
    with pytest.raises(ProcessError, match="more than 100 bytes"):
        run()
    module.write_text("import time; time.sleep(600)")
    with pytest.raises(ProcessError, match=r"longer than 0\.5 s"):
        run(limits=ProcessLimits(0.5, 1 << 30))


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory need prlimit(2)")
def test_memory_is_limited(module: Path) -> None:
    module.write_text(
        "from graph_service import processes\n"
        "def work():\n    kept = []\n    while True: kept.append(bytearray(1 << 20))\nprocesses.report(work)"
    )
    with pytest.raises(ProcessError, match="not enough memory"):
        run(limits=ProcessLimits(60, 256 << 20))


def test_whoever_is_cancelled_leaves_no_process_behind(module: Path, tmp_path: Path) -> None:
    module.write_text(WAITS)
    told = tmp_path / "pids"

    async def leave() -> list[int]:
        task = asyncio.create_task(processes.run("child", str(told), limits=LIMITS))
        await until(lambda: told.is_file() and told.read_text().endswith("\n"))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        pids = [int(pid) for pid in told.read_text().split()]
        await until(lambda: not any(map(lives, pids)))
        return pids

    child, _ = asyncio.run(leave())
    # Reaped, too: nobody is left whom this process could wait for under that number.
    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)


def test_no_child_imports_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = write_snapshot(tmp_path, people(20))
    trap = tmp_path / "trap"
    trap.mkdir()
    for name in ("hashlib", "json", "shutil"):
        (trap / f"{name}.py").write_text("raise SystemExit('imported from the working directory')")
    monkeypatch.chdir(trap)
    asyncio.run(disk.prepare_apart(directory))
    assert disk.is_prepared(directory)


def test_who_asks_for_dumps_is_told_why_there_are_none(tmp_path: Path) -> None:
    snapshot = open_snapshot(write_snapshot(tmp_path, people(20)))
    (tmp_path / "quads.nq").unlink()

    async def ask() -> None:
        publication = Publication(snapshot)
        try:
            await publication.directory()
        finally:
            await publication.close()

    with pytest.raises(SnapshotError, match="No such file or directory"):
        asyncio.run(ask())


@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
def test_a_fork_keeps_what_it_is_given_and_tells_how_it_ended() -> None:
    program = """
import os, subprocess, threading
from pathlib import Path
from graph_service import processes
assert processes.can_fork()
reader, writer = os.pipe()
lost = os.open("/proc/self/status", os.O_RDONLY)
def work():
    is_lost = os.path.realpath(f"/proc/self/fd/{lost}") == os.devnull
    os.write(writer, f"{os.fstat(writer).st_size} {is_lost} {os.getsid(0) == os.getpid()}".encode())
print(processes.fork(work, (writer,)).wait(), os.read(reader, 100).decode())
print(processes.fork(lambda: 1 / 0, ()).wait(60))
waits = processes.fork(lambda: os.read(reader, 1), (reader,))
try:
    waits.wait(0.1)
except subprocess.TimeoutExpired:
    waits.kill()
    print(waits.wait())
waits.kill()
print(waits.wait(1))
end = threading.Event()
threading.Thread(target=end.wait).start()
print(processes.can_fork())
end.set()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["0 0 True True", "1", "-9", "-9", "False"], done.stderr
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
def test_objects_of_the_parent_close_no_file_of_its_fork() -> None:
    program = """
import gc, os, resource, socket
from graph_service import processes
gc.disable()
reader, writer = os.pipe()
class Knot:
    pass
knot = Knot()
knot.itself, knot.sockets = knot, socket.socketpair()
del knot
beyond = os.dup2(reader, 90)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
def work():
    own = [os.open(os.devnull, os.O_RDONLY) for _ in range(4)]
    gc.collect()
    for one in own:
        os.fstat(one)
    try:
        os.fstat(beyond)
    except OSError:
        os.write(writer, b"all there")
child = processes.fork(work, (writer,))
os.close(writer)
print(child.wait(60), os.read(reader, 100).decode())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "0 all there\n", done.stderr
