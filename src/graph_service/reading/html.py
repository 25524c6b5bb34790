"""HTML: the text of a page without the navigation around it.

trafilatura says what the main text of a page is; the blocks come from the page itself, since trafilatura leaves out
short items of lists. A block belongs to the paper if it stands within the smallest element that holds all that
trafilatura found, and not in an element of navigation or in a list of links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import trafilatura
from lxml import html as lxml_html

from graph_service.errors import Location, SourceError
from graph_service.reading.content import Content, Removals, compose
from graph_service.reading.html_blocks import PlacedBlock, blocks_of
from graph_service.reading.skeleton import skeleton

NORMALISER = "graph-service-html 1"
MAX_BYTES = 16 << 20
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_AROUND = frozenset({"nav", "header", "footer", "aside", "form", "dialog", "menu"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"})
_LINKS = 0.7


def read(path: Path) -> Content:
    """The content of a page.

    Raises:
        SourceError: it is too large, or has no text.
    """
    source = path.read_bytes()
    if len(source) > MAX_BYTES:
        message = f"has {len(source) >> 20} MB; at most {MAX_BYTES >> 20} MB of HTML are read."
        raise SourceError(message, where=Location(path), hint="Save the text alone.")
    return of_source(path, _decoded(source), has_navigation=True)


def of_source(path: Path, source: str, *, has_navigation: bool) -> Content:
    """The content of HTML; `has_navigation` says whether something other than the paper may stand around it.

    Raises:
        SourceError: it has no text.
    """
    removals = Removals()
    root = lxml_html.document_fromstring(source.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    blocks = blocks_of(root, removals)
    if has_navigation:
        blocks = _main(blocks, source, removals)
    if not blocks:
        raise SourceError("has no text.", where=Location(path))
    text, placed, _ = compose(block.block for block in blocks)
    title = " ".join((root.findtext(".//title") or "").split())
    language = re.split("[-_]", root.get("lang") or "")[0].lower()
    return Content(text, placed, (), removals.all(), title, language)


def _decoded(source: bytes) -> str:
    """The text of a page: by its byte order mark, as UTF-8, by what it declares, or as Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if source.startswith(mark):
            return source.decode(encoding, errors="replace")
    declared = _CHARSET.search(source[:2048])
    for encoding in ("utf-8", declared.group(1).decode() if declared else "cp1252"):
        try:
            return source.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return source.decode("cp1252", errors="replace")


def _main(blocks: Sequence[PlacedBlock], source: str, removals: Removals) -> list[PlacedBlock]:
    """The blocks of the main text; the others are noted."""
    found = skeleton(trafilatura.extract(source, include_comments=False, favor_recall=True) or "").text
    chosen = [b.element for b in blocks if (words := skeleton(b.block.text).text) and words in found]
    chosen = [element for element in chosen if not _is_around(element, None)]
    main = _common(chosen)
    kept = []
    for block in blocks:
        if block.element is main or (_is_below(block.element, main) and not _is_around(block.element, main)):
            kept.append(block)
        else:
            removals.add("navigation", block.block.text)
    return kept


def _common(elements: Sequence[Any]) -> Any:
    """The smallest element that holds all of these; None, for the whole page, if there are none."""
    if not elements:
        return None
    shared = [*reversed(list(elements[0].iterancestors())), elements[0]]
    for element in elements[1:]:
        line = [*reversed(list(element.iterancestors())), element]
        same = 0
        while same < min(len(shared), len(line)) and shared[same] is line[same]:
            same += 1
        shared = shared[:same]
    return shared[-1]


def _is_below(element: Any, main: Any) -> bool:
    return main is None or any(above is main for above in element.iterancestors())


def _is_around(element: Any, main: Any) -> bool:
    """Whether a block stands in navigation, as seen from the main element."""
    for above in _upwards(element, main):
        tag = above.tag if isinstance(above.tag, str) else ""
        inside = any(each.tag in ("article", "main") for each in above.iterancestors())
        if (tag in _AROUND and not (tag == "header" and inside)) or above.get("role") in _ROLES:
            return True
        if tag in ("ul", "ol", "table", "p", "div") and _links(above) > _LINKS:
            return True
    return False


def _upwards(element: Any, main: Any) -> Iterable[Any]:
    while element is not None and element is not main:
        yield element
        element = element.getparent()


def _links(element: Any) -> float:
    """What part of an element's letters stands in links."""
    letters = len(skeleton("".join(element.itertext())).text)
    linked = sum(len(skeleton("".join(link.itertext())).text) for link in element.iter("a") if link.get("href"))
    return linked / letters if letters else 0.0
