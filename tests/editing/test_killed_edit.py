"""An edit that is killed at any moment is done or not done, and files and edition agree as soon as it starts again."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph_service.editing.editor import Editor
from tests.conftest import ROOT
from tests.editing.small import FIRST, check, directory, files, tag, written

# Counts what the editor does to files, and kills itself before the given operation.
PROGRAM = """
import json, os, signal, sys
from pathlib import Path
from graph_service.editing.editor import Editor
from graph_service.editing.edit_request import Deed
from tests.editing.small import ask, below, written
root, last = Path(sys.argv[1]), int(sys.argv[2])
steps = json.loads(sys.argv[3])
editor = Editor(below(root))
editor.prepare()
count = 0
def hook(event, arguments):
    global count
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "fcntl.flock") and (
        event == "fcntl.flock" or str(arguments[0]).startswith(str(root))
    ):
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
for deed, name, body, condition in steps:
    answer = ask(editor, Deed(deed), name, written(body), **condition)
    assert answer["edit"], answer
print(count)
"""
SECOND = ":a a :Part ; :size 1 ."


@pytest.mark.slow
def test_kills_leave_all_or_nothing(tmp_path: Path, kills: int) -> None:
    steps = [
        ("put", "documents/a.ttl", SECOND, {"if_match": tag(written(FIRST))}),
        ("put", "b.ttl", ":b :partOf :c .", {"if_none_match": "*"}),
        ("delete", "documents/a.ttl", "", {"if_match": tag(written(SECOND))}),
    ]

    def run(name: str, last: int) -> tuple[Path, subprocess.CompletedProcess[str]]:
        root = tmp_path / name
        directory(root)
        command = [sys.executable, "-c", PROGRAM, str(root), str(last), json.dumps(steps)]
        return root, subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)

    _, whole = run("whole", 0)
    assert whole.returncode == 0, whole.stderr
    total = int(whole.stdout)
    second, third = written(SECOND), written(":b :partOf :c .")
    states = (
        {"documents/a.ttl": written(FIRST)},
        {"documents/a.ttl": second},
        {"documents/a.ttl": second, "b.ttl": third},
        {"b.ttl": third},
    )
    reached = set()
    for last in sorted({1 + number * total // (kills // 2) for number in range(kills // 2)}):
        root, killed = run(f"killed-{last}", last)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        settings = directory(tmp_path / "unused")
        settings = type(settings)(
            (root / "ontology",), (root / "data",), None, settings.base, snapshots=root / "snapshots"
        )
        Editor(settings).prepare()
        assert files(settings) in states, f"killed before operation {last} of {total}"
        edits = len(list((root / "data").glob("edits/*/*.ttl")))
        assert edits == states.index(files(settings)), "each edit has its record, and no other"
        check(settings, root / "full")
        reached.add(edits)
        shutil.rmtree(root)
    assert len(reached) > 1
