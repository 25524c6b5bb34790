"""The HTML of every type of page is valid, as html-validate reads the standard."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import NODE_MODULES
from tests.browser.page_types import LANGUAGES, PAGE_TYPES, PROBLEMS, address
from tests.http.processes import Served

PROGRAM = NODE_MODULES / "html-validate" / "bin" / "html-validate.mjs"
RULES = Path(__file__).with_name("htmlvalidate.json")


@pytest.mark.slow
def test_html_is_valid(service: Served, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not PROGRAM.exists():
        pytest.skip("node or html-validate is absent: make setup-dev fetches what it can")
    addresses: dict[str, str] = {}
    with service.client() as client:
        for path in (*PAGE_TYPES.values(), *(path for path, _ in PROBLEMS.values())):
            for language in LANGUAGES:
                file = tmp_path / f"{len(addresses)}.html"
                addresses[str(file)] = address(path, language)
                file.write_text(client.get(addresses[str(file)], headers={"accept": "text/html"}).text)
    # Not by its output: the program ends before a long report has passed the pipe.
    report = tmp_path / "report.json"
    command = [node, str(PROGRAM), "--config", str(RULES), "--formatter", f"json={report}", *addresses]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    found = json.loads(report.read_text(encoding="utf-8"))
    told = [
        f"{addresses[page['filePath']]}:{one['line']}:{one['column']} {one['message']} ({one['ruleId']})"
        for page in found
        for one in page["messages"]
    ]
    assert not told, "\n".join(told)
    assert answer.returncode == 0, answer.stderr
