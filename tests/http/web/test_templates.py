"""Templates are compiled before workers are forked, and write what Jinja's own code writes."""

from __future__ import annotations

import jinja2
import pytest
from markupsafe import Markup

from graph_service.http import web
from graph_service.http.web.template_code import DirectEnvironment


def test_a_worker_compiles_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the one that it renders nor those that this one extends and imports."""
    web.compile_templates()

    def compiled(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(jinja2.Environment, "compile", compiled)
    assert b"<h1" in web.render("notice", "en", root="", keep="", here={}, digest="", notice="imprint", said=None)


TEMPLATE = """
{% macro shown(value, more="<") %}<i>{{ value }}{{ more }}{{ caller() if caller is defined else 0 }}</i>{% endmacro %}
{% for one in all %}{{ shown(one, more=loop.index) }}{{ loop.changed(one) }}{% endfor %}
{% set kept %}{{ shown(text) }}{{ text }}{% endset %}{{ kept }}{{ kept.upper() }}
{{ shown(*[text]) }}{{ shown(**{"value": html}) }}{{ make(class=text) }}{{ make(**{"a": 1}) }}
{% call shown(text) %}{{ text }}{% endcall %}{{ text ~ html }}{{ number }}{{ nothing }}
{{ [text, html] | join(", ") }}
{% filter upper %}{{ text }}{% endfilter %}{{ "{}".format(text) }}{{ html.format(text) }}
{% autoescape false %}{{ text }}{{ make(a=text) }}{% endautoescape %}
"""


def test_compiled_templates_write_what_jinja_writes() -> None:
    text = "<b> & 'c' \""
    facts = {
        "all": [text, Markup("<br>"), 1],
        "text": text,
        "html": Markup("<br>{}"),
        "number": 1.5,
        "nothing": None,
        "make": lambda **given: f"<{given}>",
    }
    ours, theirs = (
        kind(autoescape=True, undefined=jinja2.StrictUndefined).from_string(TEMPLATE).render(facts)
        for kind in (DirectEnvironment, jinja2.Environment)
    )
    assert ours == theirs
    assert "&lt;b&gt;" in ours
    with pytest.raises(jinja2.UndefinedError):
        DirectEnvironment(autoescape=True, undefined=jinja2.StrictUndefined).from_string("{{ gone() }}").render()


def test_no_template_asks_for_the_context() -> None:
    """Functions that templates can call are called as they are: one that wants the context would not get it."""
    environment = web._environment()
    wanting = [name for name, one in environment.globals.items() if hasattr(one, "jinja_pass_arg")]
    assert not wanting
