"""A run without the suites of the W3C says in one line what it leaves out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.w3c_suites import suites

ROOT = Path(__file__).parents[1]
LINE = "cases of the W3C were not run"


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    # Of the plugins only the one that is asked for here: loading all takes two seconds of CPU.
    environment = {**os.environ, "W3C_SUITES": str(directory), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "1")], ids=["alone", "with workers"])
def test_one_line_counts_the_cases_that_were_not_run(workers: tuple[str, ...], tmp_path: Path) -> None:
    files = [file for suite in suites().values() for file in suite.files]
    done = run(tmp_path, *workers, "-k", "w3c or suites", *files)
    lines = [line for line in done.stdout.splitlines() if LINE in line]
    assert len(lines) == 1, done.stdout + done.stderr
    assert lines[0].startswith(f"{sum(suite.cases for suite in suites().values())} {LINE}")
    assert all(suite.published in lines[0] for suite in suites().values())
    assert "SKIPPED" not in done.stdout


def test_only_the_suites_of_the_run_are_counted(tmp_path: Path) -> None:
    done = run(tmp_path, *suites()["owl2"].files)
    assert f"{suites()['owl2'].cases} {LINE}" in done.stdout


def test_a_variable_that_names_no_directory_is_an_error(tmp_path: Path) -> None:
    done = run(tmp_path / "absent", "tests/test_w3c_suites.py")
    assert done.returncode != 0
    assert "W3C_SUITES names no directory" in done.stderr
