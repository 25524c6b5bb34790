"""What a secluded process can still do, tried in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from graph_service.workers import seclusion

pytestmark = pytest.mark.skipif(not seclusion.is_possible(), reason="this kernel or machine has no Landlock or seccomp")

PROGRAM = """
import json, os, socket, sys
from pathlib import Path
from graph_service.workers import seclusion

inside, outside = Path(sys.argv[1]), Path(sys.argv[2])
seclusion.seclude(inside)

def tried(work):
    try:
        work()
    except OSError as error:
        return error.errno
    return "done"

print(json.dumps({
    "read inside": tried((inside / "deep" / "file").read_text),
    "list inside": tried(lambda: os.listdir(inside)),
    "read outside": tried((outside / "file").read_text),
    "around": tried((inside / ".." / outside.name / "file").read_text),
    "a link out": tried((inside / "link").read_text),
    "write inside": tried(lambda: (inside / "new").write_text("")),
    "remove inside": tried((inside / "deep" / "file").unlink),
    "tcp": tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
    "udp": tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
    "unix": tried(lambda: socket.socket(socket.AF_UNIX)),
    "run": tried(lambda: os.execv("/bin/true", ["true"])),
}))
"""
DENIED, NO_DESCRIPTOR = 13, 24


def test_only_files_below_the_directory_can_be_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for directory in (inside / "deep", outside):
        directory.mkdir(parents=True)
        (directory / "file").write_text("text")
    (inside / "link").symlink_to(outside / "file")
    command = [sys.executable, "-c", PROGRAM, str(inside), str(outside)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert {told.pop(name) for name in ("read inside", "list inside")} == {"done"}
    assert {told.pop(name) for name in ("tcp", "udp", "unix")} == {NO_DESCRIPTOR}
    assert set(told.values()) == {DENIED}, told
    assert (inside / "deep" / "file").exists()
