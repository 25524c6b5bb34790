"""Which address of the service becomes which file of the site.

    /                               index.de.html, index.en.html
    /actors?page=2                  actors.page=2.de.html, …
    /page/actor/x                   page/actor/x.de.html, page/actor/x.en.html
    /page/actor/x?view=statements   page/actor/x.view=statements.de.html, …
    /page?iri=urn:x                 page/about/9c3a….de.html, …
    /data/actor/x.ttl               data/actor/x.ttl
    /graph/actors                   graph/actors.ttl
    /person/1, /id/actor/x          the page of the thing
    /dump/graph.nq, /static/…       the same

Whatever else the service answers needs a server and has no file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from hashlib import blake2b
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from graph_service.http.protocol.negotiation import HTML
from graph_service.http.web import addresses
from graph_service.rdf.formats import GRAPHS, Format
from graph_service.rdf.namespaces import Names

# Those that can say everything: a property without a name for XML has no RDF/XML.
FORMATS: tuple[Format, ...] = tuple(format_ for format_ in GRAPHS if format_.name != "rdfxml")
# Parameters that turn the leaves of a list or say more of a thing: they lead to finitely many pages.
_KEPT = ("page", "view")
_AS_THEY_ARE = {
    "/.well-known/void": ".well-known/void.ttl",
    "/catalogue": "catalogue.ttl",
    "/dump": "dump/index.json",
    "/sitemap.xml": "sitemap.xml",
    "/llms.txt": "llms.txt",
    "/catalog.json": "catalog.json",
}
_LONGEST = 120
# What a client leaves as it is in a path with a query.
_SENT = "/:@!$&'()*+,;=~%?"
# What no file system and no server should meet in the name of a file.
_ODD = re.compile(r'[\x00-\x1f\x7f\\<>:"|?*]')


class SitePlaces:
    """Says where things lie.

    Args:
        names: for the base and the namespaces.
        described: IRIs that have documents.
        graphs: IRIs of the named graphs.
        pages: addresses of the pages that are not those of things.
        versions: IRIs of versions, with the ontology of each.
    """

    def __init__(
        self,
        names: Names,
        described: Collection[str],
        graphs: Collection[str],
        pages: Collection[str],
        versions: Mapping[str, str] | None = None,
    ) -> None:
        self._versions = dict(versions or {})
        self._names = names
        self._pages = frozenset(pages)
        self._graphs = {iri: self._of_graph(iri) for iri in graphs}
        # Of `id/x` and `x` the first has the documents.
        ordered = sorted(described, key=lambda iri: (not iri.startswith(f"{names.base}id/"), iri))
        self._documents: dict[str, str] = {}
        for iri in ordered:
            if iri != f"{names.base}ontology":
                self._documents.setdefault(addresses.document(names, iri, HTML), iri)

    def addresses(self, languages: Collection[str]) -> Iterator[str]:
        """All addresses that are known beforehand."""
        for language in languages:
            for page in (*self._pages, addresses.ontology(HTML), *self._documents):
                yield addresses.with_query(page, {"lang": language})
        for format_ in FORMATS:
            yield addresses.ontology(format_)
            yield from (addresses.document(self._names, iri, format_) for iri in self._documents.values())
        yield from (f"/graphs?{urlencode({'graph': iri})}" for iri in self._graphs)

    def odd_names(self) -> Iterator[tuple[str, str]]:
        """Names below the base whose documents do not lie at their own path.

        Yields:
            the path with its query, as a client sends it, and that of the page or data below `page/` and `data/`, both
            without language and extension.
        """
        page = f".{_ending({}, 'en')}"
        for document, iri in self._documents.items():
            path = iri.removeprefix(self._names.base)
            if path == iri or "#" in path:
                continue
            file = self.file(document, "en").removesuffix(page).removeprefix("page/")
            if file != path.removeprefix("id/"):
                yield quote(path, safe=_SENT), file
        for version, ontology in self._versions.items():
            document = addresses.document(self._names, ontology, HTML)
            if version.startswith(self._names.base) and document in self._documents:
                yield (
                    version.removeprefix(self._names.base),
                    self.file(document, "en").removesuffix(page)[len("page/") :],
                )

    def graph_names(self) -> Iterator[tuple[str, str]]:
        """The names of named graphs below the base, without it, as a client sends them, each with its file."""
        base = self._names.base
        yield from (
            (quote(iri.removeprefix(base), safe=_SENT), file)
            for iri, file in self._graphs.items()
            if iri.startswith(base) and "#" not in iri
        )

    def file(self, address: str, language: str) -> str:
        """The file of an address below the root of the service; empty if it has none.

        Args:
            address: without a fragment.
            language: of a page whose address names none.
        """
        parts = urlsplit(address)
        given = dict(parse_qsl(parts.query))
        spoken = given.pop("lang", language)
        if parts.path.startswith(("/static/", "/dump/")):
            return unquote(parts.path[1:])
        if parts.path in _AS_THEY_ARE and given.get("format", "turtle") == "turtle":
            return _AS_THEY_ARE[parts.path]
        if parts.path == "/graphs":
            return self._graphs.get(given.get("graph", ""), "")
        return self._data(parts.path, given) or self._page(parts.path, given, spoken)

    def _data(self, path: str, given: dict[str, str]) -> str:
        for format_ in FORMATS:
            if path == addresses.ontology(format_):
                return path[1:]
            if path == "/data" and given.get("format") == format_.name:
                return self._about(given.get("iri", ""), "data", format_.extension)
            stem = path.removesuffix(f".{format_.extension}")
            if path.startswith("/data/") and stem != path and f"/page/{stem.removeprefix('/data/')}" in self._documents:
                return self._named(stem[1:], format_.extension)
        return ""

    def _page(self, path: str, given: dict[str, str], language: str) -> str:
        if path == "/page":
            return self._about(given.pop("iri", ""), "page", _ending(given, language))
        if set(given) - set(_KEPT):
            return ""
        ending = _ending(given, language)
        if path in self._documents:
            return self._named(path[1:], ending)
        if path in self._pages or path == addresses.ontology(HTML):
            return f"{path[1:].removesuffix('.html') or 'index'}.{ending}"
        return self._by_name(path, ending)

    def _by_name(self, path: str, ending: str) -> str:
        """The page of what the path names; the file of a named graph."""
        for iri in addresses.iris(self._names, (path[1:], unquote(path[1:])), document=False):
            if iri in self._graphs:
                return self._graphs[iri]
            iri = self._versions.get(iri, iri)
            document = addresses.document(self._names, iri, HTML)
            if self._documents.get(document) == iri:
                return self._about(iri, "page", ending) if "?" in document else self._named(document[1:], ending)
            if iri == f"{self._names.base}ontology":
                return f"ontology.{ending}"
        return ""

    def _about(self, iri: str, kind: str, ending: str) -> str:
        """The file about what has no path: by a digest of its IRI, since that may be of any length and spelling."""
        if addresses.document(self._names, iri, HTML) not in self._documents:
            return ""
        return f"{kind}/about/{blake2b(iri.encode(), digest_size=10).hexdigest()}.{ending}"

    def _named(self, path: str, ending: str) -> str:
        """The file of a path; of one that a file system or a server could take for something else, by a digest."""
        plain = unquote(path)
        pieces = plain.split("/")
        if any(
            not piece or piece[0] == "." or len(piece.encode()) > _LONGEST or _ODD.search(piece) for piece in pieces
        ):
            plain = f"{pieces[0]}/about/{blake2b(path.partition('/')[2].encode(), digest_size=10).hexdigest()}"
        return f"{plain}.{ending}"

    def _of_graph(self, iri: str) -> str:
        inside = iri.startswith(f"{self._names.base}graph/")
        return self._named(
            f"graph/{iri.removeprefix(f'{self._names.base}graph/')}" if inside else f"graph/{iri}", "ttl"
        )


def _ending(given: dict[str, str], language: str) -> str:
    kept = "".join(f"{name}={value}." for name, value in sorted(given.items()))
    return f"{kept}{language}.html"
