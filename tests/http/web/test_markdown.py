"""A text is one paragraph of Markdown, whatever is in it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from graph_service.http.web.markdown import escaped


@pytest.mark.parametrize(
    "text",
    [
        "a\r- b",
        "a\r---",
        "a\r\n\r\n    code",
        " - a",
        "\t- a",
        "    a",
        "   1. x",
        "-",
        "# h",
        "> q",
        "+ x",
        "<http://x>",
    ],
)
def test_a_text_is_one_paragraph(text: str) -> None:
    html = MarkdownIt("commonmark").render(escaped(text))
    assert html.startswith("<p>")
    assert html.count("<") == 2
