"""A page of the service as a file: its links relative, so that they hold wherever the files lie.

A link that needs a server loses its address, or leads to a service where there is one; a form is left out. Pages are
ours, and everything in them is escaped, so a tag ends at the next `>` and an attribute at the next quotation mark.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import parse_qs, quote, urlsplit

from graph_service.serving.static_site.places import SitePlaces

_FORM = re.compile(r"<form\b.*?</form>\n?", re.DOTALL)
_TAG = re.compile(r"<(a|link|script|img|source)\b[^>]*>")
# As they may stand in a path (RFC 3986, section 3.3); no colon, which could end a scheme.
_SAFE = "/!$&'()*+,;=@~"
_ADDRESS = re.compile(r' (href|srcset|src)="([^"]*)"')
_LISTED = re.compile(r"^- \[[^]]*\]\(([^)]*)\).*\n", re.MULTILINE)
_EMPTY = re.compile(r"\n## [^\n]*\n\n(?=\n## |\Z)")
# Pages that a list in no language of its own leads to.
_LANGUAGE = "en"


@dataclass(frozen=True)
class LinkRewriter:
    """Rewrites pages.

    Attributes:
        places: where things lie.
        root: path below which links of the service begin.
        service: address of a service for what needs one, empty for none.
        found: called with each address below the root that a page links to and that has a file, and its language.
    """

    places: SitePlaces
    root: str
    service: str
    found: Callable[[str, str], object]

    def page(self, html: str, address: str, language: str) -> str:
        """A page with its links rewritten.

        Args:
            html: as the service sent it.
            address: of the page, below the root.
            language: of the page.
        """
        here = posixpath.dirname(self.places.file(address, language))

        def tag(match: re.Match[str]) -> str:
            text = match[0]
            attribute = _ADDRESS.search(text)
            if attribute is None:
                return text
            target = self._target(unescape(attribute[2]), address, language, here)
            if target:
                return text.replace(attribute[0], f' {attribute[1]}="{escape(target)}"')
            return text.replace(attribute[0], "") if match[1] == "a" else ""

        return _TAG.sub(tag, _FORM.sub("", html))

    def links(self, listed: str, url: str) -> str:
        """Lists of links in Markdown, each leading to its file; without those that lead to none.

        Args:
            listed: as the service sent it.
            url: of the site, without a slash at the end.
        """

        def line(match: re.Match[str]) -> str:
            inside = match[1].removeprefix(url)
            file = self.places.file(inside, _LANGUAGE)
            if not file and not self.service:
                return ""
            return match[0].replace(f"({match[1]})", f"({url}/{quote(file)})" if file else f"({self.service}{inside})")

        return _EMPTY.sub("", _LISTED.sub(line, listed))

    def _target(self, link: str, address: str, language: str, here: str) -> str:
        """Where a link leads from a directory; empty for nowhere."""
        if link.startswith("?"):
            link = f"{self.root}{address.partition('?')[0]}{link}"
        if not link.startswith(f"{self.root}/") or link.startswith("//"):
            return link
        inside, sharp, fragment = link.removeprefix(self.root).partition("#")
        language = parse_qs(urlsplit(inside).query).get("lang", [language])[0]
        file = self.places.file(inside, language)
        if not file:
            return f"{self.service}{inside}{sharp}{fragment}" if self.service else ""
        self.found(inside, language)
        return f"{quote(posixpath.relpath(file, here or '.'), safe=_SAFE)}{sharp}{fragment}"
