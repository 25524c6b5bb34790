"""Terms as pages show them: a label, its language if it differs from the page's, and a link where that is safe."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pyoxigraph as ox
from markupsafe import Markup, escape

from graph_service.http.protocol.negotiation import HTML
from graph_service.http.web import addresses
from graph_service.http.web.language_tags import written
from graph_service.rdf.answers import Binding
from graph_service.rdf.formats import Format
from graph_service.rdf.namespaces import Names
from graph_service.views.labels import Label, Labels, pick

_THOUSANDS = {"de": ".", "en": ","}
_POINTS = {"de": ",", "en": "."}


@dataclass(frozen=True)
class DisplayValue:
    """An IRI or a text as a page shows it: `href` is empty where no link is safe, `language` where it has none."""

    text: str
    language: str = ""
    href: str = ""
    title: str = ""


class Show:
    """Shows terms in one language.

    Args:
        names: for the base.
        labels: of everything that is shown.
        language: of the page.
        root: path under which a proxy serves this.
        asked: the language that the address of the page names, empty if it names none; links go on naming it.
    """

    def __init__(self, names: Names, labels: Labels, language: str, root: str, asked: str = "") -> None:
        self.names = names
        self.language = language
        self.root = root
        self._asked = {"lang": asked} if asked else {}
        self._language = urlencode(self._asked)
        self._days: dict[tuple[str, str], Markup] = {}
        self.know(labels)

    def know(self, labels: Labels) -> None:
        """Take these labels from now on."""
        self.labels = labels
        # A list names the same few authors and kinds in every row, and so does the next page.
        self._links: dict[str, Markup] = self.kept("links")
        self._hrefs: dict[str, str] = self.kept("hrefs")

    def kept(self, kind: str) -> dict[Any, Any]:
        """What was written of one kind of thing, by IRI or the like, for pages in this language and at this root."""
        return self.labels.derived((kind, self.language, self.root, *self._asked.values()))

    def iri(self, iri: str) -> DisplayValue:
        """The label of an IRI, linked to its page."""
        label = self.labels.label(iri, self.language)
        return DisplayValue(label.text, label.language, self.href(iri), iri)

    def link(self, iri: str) -> Markup:
        """An IRI by its label, linked, as HTML."""
        link = self._links.get(iri)
        if link is None:
            link = self._links[iri] = self.html(self.iri(iri))
        return link

    def links(self, iris: Iterable[str]) -> Markup:
        """Several IRIs, as of `link`, separated by commas."""
        links = [self.link(iri) for iri in iris]
        return links[0] if len(links) == 1 else Markup(", ").join(links)

    def plain(self, iris: Collection[str]) -> Markup:
        """Several IRIs by their labels, not linked, as HTML, separated by commas."""
        names = self.kept("names")
        for iri in iris:
            if iri not in names:
                label = self.labels.label(iri, self.language)
                foreign = label.language != self.language
                names[iri] = self.html(DisplayValue(*label)) if foreign else escape(label.text)
        return Markup(", ").join(names[iri] for iri in iris)

    def listed(self, ones: Iterable[DisplayValue]) -> Markup:
        """Several terms, as of `html`, separated by commas."""
        return Markup(", ").join(map(self.html, ones))

    def html(self, one: DisplayValue, address: str = "") -> Markup:
        """A term as HTML: a link to an address, else to its own if one is safe; its language if not the page's."""
        language = ""
        if one.language != self.language:
            language = "".join(f' {name}="{escape(value)}"' for name, value in written(one.text, one.language).items())
        # Three times as fast as formatting by Markup, and there are hundreds of them on a page.
        if address or one.href:
            return Markup(f'<a href="{escape(address or one.href)}"{language}>{escape(one.text)}</a>')  # noqa: S704 - each part is escaped
        return Markup(f"<span{language}>{escape(one.text)}</span>")  # noqa: S704 - the text is escaped

    def spoken(self, label: Label) -> Markup:
        """A text in one of its languages, as HTML."""
        return self.html(DisplayValue(*label))

    def days(self, since: str, until: str) -> Markup:
        """The days that a document may be of, as HTML: a day, a month, a year or a span; empty if it is undated."""
        days = self._days.get((since, until))
        if days is None:
            days = self._days[since, until] = self._dated(since, until)
        return days

    def _dated(self, since: str, until: str) -> Markup:
        whole = self.period(since, until)
        if not whole:
            span = Markup("<span><time>{}</time> – <time>{}</time></span>").format(since, until)
            return span if since or until else Markup()
        title = Markup(' title="{} – {}"').format(since, until) if whole != since else ""
        return Markup('<time datetime="{}"{}>{}</time>').format(whole, title, whole)

    def number(self, value: int) -> str:
        """A whole number with marks for thousands, as the language writes them."""
        return f"{value:,}".replace(",", _THOUSANDS[self.language])

    def decimal(self, value: float) -> str:
        """A number to two places, as the language writes it."""
        return f"{value:.2f}".replace(".", _POINTS[self.language])

    def period(self, since: str, until: str) -> str:
        """The day, month or year that two days enclose exactly, as ISO 8601 writes it; empty if there is none."""
        if since == until:
            return since
        try:
            first, last = date.fromisoformat(since), date.fromisoformat(until)
        except ValueError:
            return ""
        if (first.month, first.day, last) == (1, 1, date(first.year, 12, 31)):
            return since[:4]
        whole = first.day == 1 and last == first.replace(day=monthrange(first.year, first.month)[1])
        return since[:7] if whole else ""

    def value(self, value: ox.NamedNode | ox.Literal) -> DisplayValue:
        """An IRI by its label; a literal as it is, with its language or datatype."""
        if isinstance(value, ox.NamedNode):
            return self.iri(value.value)
        title = "" if value.language else self.names.shorten(value.datatype.value)
        return DisplayValue(value.value, value.language or "", "", title)

    def binding(self, one: Binding) -> DisplayValue:
        """A term of an answer, as of `value`."""
        if one["type"] == "uri":
            return self.iri(one["value"])
        title = self.names.shorten(one.get("datatype", "")) if "xml:lang" not in one else ""
        return DisplayValue(one["value"], one.get("xml:lang", ""), "", title)

    def text(self, bindings: list[Binding]) -> Label | None:
        """One of several texts, in the language of the page if there is one in it."""
        return pick({one.get("xml:lang", "").lower(): one["value"] for one in bindings}, self.language)

    def href(self, iri: str) -> str:
        """Where a link to an IRI leads: to the page of what is published here, else as `addresses.link` says."""
        href = self._hrefs.get(iri)
        if href is None:
            href = self._hrefs[iri] = self._href(iri)
        return href

    def _href(self, iri: str) -> str:
        base = self.names.base
        if iri.startswith((f"{base}id/", *self.names.others)):
            return self.here(iri)
        if iri.startswith(f"{base}ontology"):
            fragment = quote(iri.partition("#")[2])
            return f"{self.root}{addresses.ontology(HTML)}{self._query({})}{'#' if fragment else ''}{fragment}"
        # A fragment is not sent, and a query would be read as that of a page.
        if self.names.owns(iri) and set("#?") & set(iri):
            return self.here(iri)
        return addresses.link(self.names, self.root, iri)

    def here(self, iri: str, **given: str) -> str:
        """The address of what this service has to say about an IRI, whoever's it is, with these parameters."""
        address = self.root + addresses.document(self.names, iri, HTML)
        # Hardly a link has parameters of its own, and a page has a hundred.
        if given:
            return addresses.with_query(address, {**given, **self._asked})
        return f"{address}{'&' if '?' in address else '?'}{self._language}" if self._language else address

    def page(self, path: str, **given: str | list[str]) -> str:
        """The address of a page of the service with these parameters; empty ones are left out."""
        return f"{self.root}{path}{self._query({name: value for name, value in given.items() if value})}"

    def proof(self, subject: str, predicate: str, value: str) -> str:
        """The address of how a statement is known; the subject and value are IRIs, the predicate a CURIE."""
        return self.page("/explain", s=self.short(subject), p=predicate, o=self.short(value))

    def data(self, iri: str, format_: Format) -> str:
        """The address of the data about a resource."""
        return self.root + addresses.document(self.names, iri, format_)

    def short(self, iri: str) -> str:
        """An IRI as parameters name it: relative to the base where it lies below."""
        return iri.removeprefix(self.names.base)

    def _query(self, given: dict[str, str | list[str]]) -> str:
        pairs = [
            f"{name}={_quoted(value)}"
            for name, values in (*given.items(), *self._asked.items())
            for value in ((values,) if isinstance(values, str) else values)
        ]
        return f"?{'&'.join(pairs)}" if pairs else ""


@lru_cache(20_000)
def _quoted(text: str) -> str:
    """A value of a parameter; pages name the same few hundred things again and again."""
    return quote_plus(text, safe="/:")
