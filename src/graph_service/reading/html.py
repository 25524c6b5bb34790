"""HTML: the text of a page without the navigation around it.

trafilatura says what the main text of a page is; the blocks come from the page itself, since trafilatura leaves out
short items of lists. A block belongs to the paper if it stands within the smallest element that holds all that
trafilatura found, and not in an element of navigation or in a list of links.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import trafilatura
from lxml import html as lxml_html

from graph_service.errors import Location, SourceError
from graph_service.reading.file_content import Content, Removals, compose
from graph_service.reading.html_blocks import PlacedBlock, blocks_of
from graph_service.reading.skeleton import skeleton

NORMALISER = "graph-service-html 1"
MAX_BYTES = 8 << 20
_MOST_COMPARED = 1_000_000_000
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_AROUND = frozenset({"nav", "footer", "aside", "form", "dialog", "menu"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"})
# An element of these kinds is navigation if more than this part of its text stands in links.
_OF_LINKS, _LINKS = frozenset({"ul", "ol", "table", "p", "div"}), 0.7


def read(path: Path) -> Content:
    """The content of a page.

    Raises:
        SourceError: it is too large, nested too deeply, or has no text.
    """
    source = path.read_bytes()
    if len(source) > MAX_BYTES:
        message = f"has {len(source) >> 20} MB; at most {MAX_BYTES >> 20} MB of HTML are read."
        raise SourceError(message, where=Location(path), hint="Save the text alone.")
    return of_source(path, _decoded(source), has_navigation=True)


def of_source(path: Path, source: str, *, has_navigation: bool) -> Content:
    """The content of HTML; `has_navigation` says whether something other than the paper may stand around it.

    Raises:
        SourceError: it has no text, or is nested too deeply.
    """
    removals = Removals()
    parser = lxml_html.HTMLParser(encoding="utf-8")
    root = lxml_html.document_fromstring(source.encode(), parser=parser)
    if any("depth" in entry.message for entry in parser.error_log):
        raise SourceError("is nested too deeply.", where=Location(path), hint="Save the text alone.")
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
    extracted = trafilatura.extract(source, include_comments=False, favor_recall=True) or ""
    lines = {skeleton(line).text for line in extracted.splitlines()}
    # Within lines, too, since a table that lays out the page becomes one; line by line where that would take long.
    found: Container[str] = lines if len(blocks) * len(extracted) > _MOST_COMPARED else "\n".join(lines)
    surroundings = _Surroundings()
    chosen = [b.element for b in blocks if skeleton(b.block.text).text in found]
    main = _common([element for element in chosen if not surroundings.hold(element)])
    surroundings = _Surroundings(main)
    kept = []
    for block in blocks:
        if _is_within(block.element, main) and not surroundings.hold(block.element):
            kept.append(block)
        else:
            removals.add("navigation", block.block.text)
    return kept


class _Surroundings:
    """Tells elements that stand in navigation, as seen from the main element; None sees the whole page."""

    def __init__(self, main: Any = None) -> None:
        self._known: dict[Any, bool] = {None: False, main: False}

    def hold(self, element: Any) -> bool:
        """Whether an element, or one that it stands in, is navigation."""
        line = []
        while element not in self._known:
            line.append(element)
            element = element.getparent()
        found = self._known[element]
        for each in reversed(line):
            found = found or _is_around(each)
            self._known[each] = found
        return found


def _is_around(element: Any) -> bool:
    if element.get("role") in _ROLES:
        return True
    if element.tag == "header":
        # That of an article is a part of it.
        return not any(above.tag in ("article", "main") for above in element.iterancestors())
    return element.tag in _AROUND or (element.tag in _OF_LINKS and _links(element) > _LINKS)


def _links(element: Any) -> float:
    """What part of an element's text stands in links."""
    letters = _length(element)
    return sum(_length(link) for link in element.iter("a") if link.get("href")) / letters if letters else 0.0


def _length(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _common(elements: Sequence[Any]) -> Any:
    """The smallest element that holds all of these; None, for the whole page, if there are none."""
    shared: list[Any] | None = None
    for element in elements:
        line = [*reversed(list(element.iterancestors())), element]
        shared = line if shared is None else [a for a, b in zip(shared, line, strict=False) if a is b]
    return shared[-1] if shared else None


def _is_within(element: Any, main: Any) -> bool:
    return main is None or element is main or any(above is main for above in element.iterancestors())
