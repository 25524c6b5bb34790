"""Markdown: the text of the HTML that it stands for (CommonMark with tables), so that no signs of type stay in it."""

from __future__ import annotations

from pathlib import Path

from markdown_it import MarkdownIt

from graph_service.reading import html
from graph_service.reading.file_content import Content
from graph_service.reading.passages import source_text

NORMALISER = "graph-service-markdown 1"


def read(path: Path) -> Content:
    """The content of a Markdown file.

    Raises:
        SourceError: it is not UTF-8, or has no text.
    """
    rendered = MarkdownIt("commonmark").enable("table").render(source_text(path))
    return html.of_source(path, f"<html><body>{rendered}</body></html>", has_navigation=False)
