"""Markdown (CommonMark 0.31): that of a publisher as HTML, without raw HTML, images or unsafe links; texts for it."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markupsafe import Markup

_DEEPEST = 6
# What begins something in Markdown, wherever it stands, and what begins a list.
_LIST = re.compile(r"^(?=\s?(?:[-+]|[0-9]+[.)])(?:\s|$))(\s?[0-9]*)([-+.)])")
# Line ends, and white space that would begin code.
_BREAKS = re.compile(r"[\r\n]+|^\s+")
_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|~&"})


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Whether a link may lead there."""
        return url.startswith(("https://", "http://", "mailto:", "/", "#"))


_MARKDOWN = _Markdown("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


def html(text: str) -> Markup:
    """The text as HTML; tags in it are shown as they are written.

    A heading of the first level becomes one of the second, since the page has its own.
    """
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + 1, _DEEPEST)}"
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704 - every text in it is escaped


def escaped(text: str) -> str:
    """A text within a paragraph of Markdown, whatever signs are in it (CommonMark, section 2.4)."""
    return _LIST.sub(r"\1\\\2", _BREAKS.sub(" ", text).translate(_SIGNS))
