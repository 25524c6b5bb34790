"""What must hold for the repository as a whole: locks, wheel, and the words of other people."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

WORDS = 8


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + WORDS + 1]) for i in range(len(words) - WORDS)}


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt", "node.txt"])
def test_locks_pin_every_package_with_hashes_and_name_no_index(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9_.-]+(\[[a-z,]+\])?==", block, re.IGNORECASE), block
        assert "--hash=sha256:" in block, block
    assert "://" not in text
    assert "--index" not in text


def test_the_wheel_carries_ontology_data_and_queries(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for part in ("ontology", "data", "queries"):
        for path in (ROOT / part).rglob("*.*"):
            assert f"graph_service/shipped/{path.relative_to(ROOT).as_posix()}" in names
    assert {"graph_service/py.typed", "graph_service/http/web/templates/start.html"} <= names


VENDOR = ROOT / "src" / "graph_service" / "http" / "web" / "static" / "vendor"


def test_fetched_scripts_are_the_reviewed_ones() -> None:
    if not (VENDOR / "vendor.json").is_file():
        pytest.skip("the scripts of the pages were not fetched: no npm")
    wanted = json.loads((ROOT / "assets" / "package.json").read_text())
    locked = json.loads((ROOT / "assets" / "package-lock.json").read_text())["packages"]
    copies = json.loads((VENDOR / "vendor.json").read_text())
    assert copies.keys() == {about["as"] for about in wanted["vendor"]}
    for about in wanted["vendor"]:
        copy = copies[about["as"]]
        content = (VENDOR / copy["file"]).read_bytes()
        assert about["integrity"] == "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
        assert copy["version"] == locked[f"node_modules/{about['package']}"]["version"]
        assert (VENDOR / copy["licence_text"]).read_text()


def test_the_lock_of_scripts_has_hashes_and_no_addresses_of_packages() -> None:
    packages = json.loads((ROOT / "assets" / "package-lock.json").read_text())["packages"]
    for name, about in packages.items():
        assert not name or about["integrity"].startswith("sha512-"), name
        assert "resolved" not in about, name


def test_no_source_is_quoted_at_length(shared: Path) -> None:
    sources = set().union(*(grams(path.read_text(encoding="utf-8")) for path in (shared / "sources").glob("*.txt")))
    assert sources
    for path in tracked():
        try:
            copied = grams(path.read_text(encoding="utf-8")) & sources
        except UnicodeDecodeError:
            continue
        assert not copied, f"{path.relative_to(ROOT)} has more than {WORDS} words of a source in a row"


def test_every_test_that_the_list_of_faults_names_exists() -> None:
    """`::test_…` without a file is one of the file before it."""
    named = re.findall(r"`([\w/.]*)::(test_\w+)`", (ROOT / "tests" / "README.md").read_text(encoding="utf-8"))
    assert len(named) > 80
    file = ""
    for path, name in named:
        file = path or file
        assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), f"{file}::{name}"
