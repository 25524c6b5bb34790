"""Templates are compiled before workers are forked."""

from __future__ import annotations

import jinja2
import pytest

from graph_service.http import web


def test_a_worker_compiles_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the one that it renders nor those that this one extends and imports."""
    web.compile_templates()

    def compiled(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(jinja2.Environment, "compile", compiled)
    assert "<h1" in web.render("notice", "en", root="", keep="", here={}, digest="", notice="imprint", said=None)
