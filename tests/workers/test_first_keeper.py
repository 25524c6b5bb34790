"""The fork that waits to become the first keeper."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
def test_another_keeper_is_started_for_one_that_has_ended() -> None:
    program = """
import os, signal, socket
from graph_service.workers.first_keeper import FirstKeeper
keeper = FirstKeeper("no_such_module:roles")
os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
ours, theirs = socket.socketpair()
with theirs:
    child = keeper.launch(theirs)
ours.close()
print(type(child).__name__, child.wait(60) is not None)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == ["Popen", "True"], done.stderr
    assert "no_such_module" in done.stderr
