"""The worked example of docs/networks.md gives what it says."""

from __future__ import annotations

import doctest
import re

from graph_service import networks
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "networks.md"


def test_the_worked_example_runs() -> None:
    blocks = re.findall(r"```pycon\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    example = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    result = doctest.DocTestRunner().run(example)
    assert (result.failed, result.attempted > 10) == (0, True)


def test_the_package_shows_how_it_is_used() -> None:
    assert doctest.testmod(networks).failed == 0
