"""Markdown (CommonMark 0.31) of a publisher as HTML: without raw HTML, images or unsafe links."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

_DEEPEST = 6


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
