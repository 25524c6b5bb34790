"""Templates, style sheet and words of the pages, in German and English."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from graph_service.rdf.xml_documents import legal

LANGUAGES = ("de", "en")
STATIC = Path(__file__).parent / "static"

_HERE = Path(__file__).parent


@cache
def words(language: str) -> Mapping[str, str]:
    """The words of the pages in a language of `LANGUAGES`, by key."""
    return dict(json.loads((_HERE / "locales" / f"{language}.json").read_text(encoding="utf-8")))


@cache
def vendored() -> Mapping[str, str]:
    """File names of third-party scripts below `static/vendor/`, by name without version; empty if none were fetched."""
    path = STATIC / "vendor" / "vendor.json"
    listed = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: about["file"] for name, about in listed.items()}


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, language: str, **facts: Any) -> str:
    """A page as HTML; `t` are its words, `language` its language, `vendored` the scripts; everything is escaped.

    Characters that neither XML nor HTML can hold (HTML, section 13.2.3.5) are U+FFFD.
    """
    page = _environment().get_template(f"{template}.html")
    return legal(page.render(t=words(language), language=language, languages=LANGUAGES, vendored=vendored(), **facts))
