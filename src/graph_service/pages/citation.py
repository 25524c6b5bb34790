"""Citation of a page, as text and as BibTeX, with an address that includes the data set.

What stands at an address changes with the data. `/edition/DIGEST/…` does not, so that is what is cited where editions
are kept. A citation has no date, because no data set says when it was built.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from graph_service.http import web
from graph_service.http.protocol.request import Request
from graph_service.http.web import addresses

# Braces count for BibTeX even behind a backslash, so no character may become one.
_COMMANDS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\textquotedbl{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
    "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "ø": r"{\o}", "Ø": r"{\O}", "ł": r"{\l}", "Ł": r"{\L}",
    "–": "--", "—": "---", "…": r"\dots{}", "§": r"\S{}", "€": r"\texteuro{}",
    "„": r"\quotedblbase{}", "“": r"\textquotedblleft{}", "”": r"\textquotedblright{}",
    "‚": r"\quotesinglbase{}", "‘": r"\textquoteleft{}", "’": r"\textquoteright{}",
    "«": r"\guillemotleft{}", "»": r"\guillemotright{}",
}  # fmt: skip
# Combining characters of Unicode, and the accents of TeX.
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u0304": "=", "\u0307": ".",
    "\u030a": "r ", "\u030c": "v ", "\u0327": "c ", "\u0328": "k ", "\u030b": "H ", "\u0306": "u ",
}  # fmt: skip
# What may stand in a path as it is, percent signs of what is encoded already among them: no braces.
_IN_PATH = "/:@!$&'()*+,;=~%"
# Characters of a key that come from the address.
_KEY = 48


@dataclass(frozen=True)
class Citation:
    """A page as it is cited.

    Attributes:
        title: of the page.
        publisher: who publishes the data; empty if unknown.
        site: what the page is part of.
        digest: SHA-256 of the data set, hexadecimal.
        address: of the page among those that stay as they are; else the name of its thing, or nothing.
        stays: whether the address is one of those.
        key: of the entry, the same for the same page of the same data.
        language: of the words around these.
    """

    title: str
    publisher: str
    site: str
    digest: str
    address: str
    stays: bool
    key: str
    language: str

    @property
    def is_link(self) -> bool:
        """Whether the address may be one of a link: whatever else a browser would do with it, it does not do here."""
        return self.address.startswith(("http://", "https://"))

    @property
    def text(self) -> str:
        """A sentence, without the address."""
        sentence = web.words(self.language)["cite.text"].format(
            title=self.title, site=self.site, digest=self.digest[:12]
        )
        return f"{self.publisher}: {sentence}" if self.publisher else sentence

    @property
    def bibtex(self) -> str:
        """An entry for BibTeX and BibLaTeX."""
        data = f"{web.words(self.language)['footer.digest']} {self.digest} (SHA-256)"
        fields = {
            # A second pair of braces keeps a name from being taken apart, and capitals as they are.
            "author": f"{{{escaped(self.publisher)}}}" if self.publisher else "",
            "title": f"{{{escaped(self.title)}}}",
            "howpublished": escaped(self.site),
            "note": escaped(data),
            "url": self.address,
        }
        lines = (f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{''.join(lines)}}}\n"


def cite(request: Request, digest: str, publisher: str, language: str, title: str, name: str = "") -> Citation:
    """The page that a request asks for, as it is cited.

    Args:
        request: what asks for it.
        digest: of the data set that answers.
        publisher: who publishes the data; empty if unknown.
        language: of the page, among `web.LANGUAGES`.
        title: of the page.
        name: IRI of the thing that it is about, empty for none.
    """
    place = place_of(request)
    # Set where editions are kept: the path below which they answer.
    kept = request.scope.get("editions", "")
    address = f"{request.site}{kept}{digest}/{place}" if kept else quote(name, safe=f"{_IN_PATH}?#")
    site = web.words(language)["title"]
    return Citation(title, publisher, site, digest, address, bool(kept), key_of(place, digest), language)


def place_of(request: Request) -> str:
    """Path and parameters below the root of the service: those that say what is shown, in an order that stays."""
    path = quote(addresses.below(request)[0], safe=_IN_PATH)
    return addresses.with_query(path, _query_of(request.parameters()))


def _query_of(given: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for name, value in sorted(given, key=lambda pair: pair[0]):
        # Readers who follow the address get their own language; empty fields of forms are left out.
        if value and name not in ("lang", "format"):
            found[name] = [*found.get(name, ()), value]
    return found


def key_of(place: str, digest: str) -> str:
    """A key of small letters, digits and hyphens: readable, and different for different pages or data."""
    words = "".join(c if c in "abcdefghijklmnopqrstuvwxyz0123456789" else " " for c in place.lower()).split()
    readable = "-".join(words).removeprefix("page-")[:_KEY].strip("-")
    return f"{readable or 'start'}-{sha256(f'{digest} {place}'.encode()).hexdigest()[:8]}"


def escaped(text: str) -> str:
    """A text for a field in braces: on one line, what means something to TeX as a command, accents as TeX writes them.

    Letters that TeX has no accent for stay in UTF-8, which BibLaTeX reads.
    """
    line = " ".join(text.split())
    return "".join(map(_character, unicodedata.normalize("NFC", line)))


def _character(character: str) -> str:
    if character in _COMMANDS:
        return _COMMANDS[character]
    if not character.isprintable():
        return ""
    apart = unicodedata.normalize("NFD", character)
    letter, mark = apart[:1], apart[1:]
    if letter.isascii() and letter.isalpha() and mark in _ACCENTS:
        return f"{{\\{_ACCENTS[mark]}{letter}}}"
    return character
