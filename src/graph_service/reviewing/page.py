"""The page as HTML, and the paper as its scripts take it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from graph_service.http import web
from graph_service.reading.paper import Paper
from graph_service.reviewing import fields

_HERE = Path(__file__).parent


@cache
def words(language: str) -> Mapping[str, str]:
    """The words of the page in a language of `web.LANGUAGES`, by key."""
    return dict(json.loads((_HERE / "locales" / f"{language}.json").read_text(encoding="utf-8")))


def language_of(asked: str | None, accepted: str) -> str:
    """The language of the page: the one asked for, else German where the browser prefers it, else English."""
    if asked in web.LANGUAGES:
        return str(asked)
    return "de" if accepted.lower().lstrip().startswith("de") else "en"


def render(paper: Paper, coder: str, language: str) -> str:
    """The page. Its scripts find words, forms and names in a block of data, which the policy does not run."""
    data = {
        "language": language,
        "paper": paper.name,
        "coder": coder,
        "text_sha256": paper.sha256,
        "words": words(language),
        "position": [asdict(field) for field in fields.position()],
        "document": [asdict(field) for field in fields.document()],
        "tables": {name: [asdict(field) for field in fields.table(name)] for name in fields.TABLES},
    }
    template = _environment().get_template("review.html")
    return template.render(
        t=words(language), language=language, languages=web.LANGUAGES, paper=paper, coder=coder, data=data
    )


def text_of(paper: Paper) -> dict[str, Any]:
    """The text and its places, in code points; blocks as kind, start, end, level."""
    return {
        "text": paper.text,
        "title": paper.title,
        "language": paper.language,
        "pages": [(page.number, page.start, page.end) for page in paper.pages],
        "blocks": [(block.kind, block.start, block.end, block.level) for block in paper.blocks],
        "sentences": [(sentence.start, sentence.end) for sentence in paper.sentences],
    }


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(_HERE / "templates")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
