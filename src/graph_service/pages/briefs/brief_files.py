"""A brief as a file: Markdown and Word, with the same blocks as the page."""

from __future__ import annotations

import re
from functools import partial
from importlib import import_module

from graph_service.http import web
from graph_service.http.web import addresses
from graph_service.http.web.media import DOCX, MARKDOWN
from graph_service.pages.briefs.brief import BriefContent, content_of
from graph_service.pages.briefs.brief_text import Run
from graph_service.pages.visit import PageContent, PageFile, Visit


def markdown(visit: Visit, page: PageContent) -> PageFile:
    """The brief in Markdown.

    Raises:
        ParameterError: there is none.
    """
    content = content_of(page)
    facts = {"content": content, "address": partial(_address, visit), "site": _site(visit)}
    text = web.render_markdown("brief", visit.language, **facts)
    return PageFile(_name(content), f"{text.strip()}\n".encode("utf-8", "replace"))


def word(visit: Visit, page: PageContent) -> PageFile:
    """The brief as a Word file; the library is loaded when the first one is asked for.

    Raises:
        ParameterError: there is none.
    """
    content = content_of(page)
    module = import_module("graph_service.pages.briefs.brief_docx")
    return PageFile(_name(content), module.written(content, visit, _site(visit), partial(_address, visit)))


def _address(visit: Visit, run: Run) -> str:
    """Where a run leads, from anywhere."""
    if run.path:
        return f"{visit.request.site}{run.path}"
    return addresses.link(visit.show.names, visit.request.origin, run.iri)


def _site(visit: Visit) -> str:
    title, publisher = web.words(visit.language)["title"], visit.edition.publisher
    return f"{publisher}: {title}" if publisher else title


def _name(content: BriefContent) -> str:
    return "-".join(
        ["brief", *(part for iri in content.iris for part in re.findall("[A-Za-z0-9-]+", iri.rpartition("/")[2]))]
    )


FILES = {MARKDOWN: markdown, DOCX: word}
