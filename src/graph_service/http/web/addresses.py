"""Addresses of resources and their documents: what lies below the base IRI lies below the root of the service.

    BASE id/actor/x         the thing         /id/actor/x, answered by 303 (Cool URIs for the Semantic Web, section 4.3)
                            its page          /page/actor/x
                            its data          /data/actor/x.ttl, .nt, .jsonld, .rdf, .trig, .nq
    BASE person/1           the same for what another publisher names otherwise: /page/person/1
    BASE ontology           the ontology      /ontology.html, /ontology.ttl, …
    BASE graph/actors       a named graph     /graphs?graph=…
    http://old.example/x    of a namespace    /ns/old.example/x, /page/ns/old.example/x, …
    BASE people#anna        in a document     /people: /page/people, /data/people.ttl, … describe all that it has
    urn:x, …#me, …?y=1      by itself         /page?iri=urn:x, /data?iri=urn:x&format=turtle

Of two resources `id/x` and `x` the first has the documents. A namespace lies below `/ns/` by host and path, so that one
rule of a web server leads all of them here, however many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from re import Match
from urllib.parse import quote, unquote, urlencode

from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import Fields
from graph_service.http.protocol.request import Request
from graph_service.rdf.formats import DATASETS, GRAPHS, Format
from graph_service.rdf.namespaces import Names

# Pages and feed that the serving process gives what it knows of editions, and the page of the files that it publishes.
CHANGES, FEED, EDITIONS, DUMPS = "/changes", "/changes.atom", "/editions", "/dumps"
DATA = (*GRAPHS, *DATASETS)
# A request without a preference comes from a program: browsers name HTML.
ALL = (*DATA, HTML)

_PLAIN = "/:@!$&'()*+,;=~%"
_NAMESPACES = "ns/"
_LETTERS = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


def below(request: Request) -> tuple[str, str]:
    """The path below the root of the service without its first slash: as it was sent, and decoded."""
    root = request.scope.get("root_path", "")
    decoded = request.scope["path"].removeprefix(root).lstrip("/")
    raw = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0].removeprefix(root).lstrip("/")
    # A proxy or mount that changed the path changed the decoded one only.
    return (raw if unquote(raw) == decoded else decoded), decoded


def split_suffix(path: str) -> tuple[str, Format | None]:
    """A path without the extension of a format, and the format; the whole path where it has none."""
    stem, dot, extension = path.rpartition(".")
    found = next((format_ for format_ in ALL if dot and format_.extension == extension), None)
    return (stem, found) if stem and found else (path, None)


def iris(names: Names, path: tuple[str, str], *, document: bool) -> list[str]:
    """The IRIs that a path may stand for, likeliest first.

    Args:
        names: for the base and the namespaces.
        path: as `below` gives it, without a suffix.
        document: whether it is the path of a page or of data, where `id/` may be left out.
    """
    starts = (f"{names.base}id/", names.base) if document else (names.base,)
    # A client sends an IRI as a URI (RFC 3987, section 3.1), and what was an escape in the IRI stays one.
    spellings = (*path, _LETTERS.sub(_decoded, path[0]))
    below_base = [start + spelling for start in starts for spelling in spellings]
    return list(
        dict.fromkeys((*below_base, *(iri for spelling in spellings for iri in _of_namespace(names, spelling))))
    )


def _decoded(escapes: Match[str]) -> str:
    """Letters for the escapes of their UTF-8 (RFC 3987, section 3.2)."""
    try:
        return unquote(escapes[0], errors="strict")
    except UnicodeDecodeError:
        return escapes[0]


def _of_namespace(names: Names, path: str) -> Iterator[str]:
    if path.startswith(_NAMESPACES):
        for scheme in ("https", "http"):
            iri = f"{scheme}://{path.removeprefix(_NAMESPACES)}"
            if iri.startswith(names.others):
                yield iri


def _path(names: Names, iri: str) -> str:
    """The path of what lies below the base or a namespace, decoded and below the root of the service; else empty."""
    if iri.startswith(names.base):
        return iri.removeprefix(names.base)
    return _NAMESPACES + iri.partition("://")[2] if names.owns(iri) else ""


def document(names: Names, iri: str, format_: Format) -> str:
    """The path of a document about a resource, below the root of the service."""
    path = _path(names, iri)
    if not path or set("#?") & set(path):
        query = {"iri": iri} if format_ is HTML else {"iri": iri, "format": format_.name}
        return f"/{'page' if format_ is HTML else 'data'}?{urlencode(query, safe='/:')}"
    encoded = quote(path.removeprefix("id/"), safe=_PLAIN)
    return f"/page/{encoded}" if format_ is HTML else f"/data/{encoded}.{format_.extension}"


def with_query(address: str, query: Mapping[str, str | list[str]]) -> str:
    """An address with these parameters behind those that it has."""
    encoded = urlencode(query, doseq=True, safe="/:")
    return f"{address}{'&' if '?' in address else '?'}{encoded}" if encoded else address


def translations(given: Iterable[tuple[str, str]], languages: Iterable[str]) -> dict[str, str]:
    """The same address in each language, relative to itself.

    Args:
        given: its parameters.
        languages: which there are.
    """
    pairs = [(name, value) for name, value in given if name not in ("lang", "format")]
    return {one: f"?{urlencode([*pairs, ('lang', one)], safe='/:')}" for one in languages}


def ontology(format_: Format) -> str:
    """The path of a document of the ontology."""
    return f"/ontology.{format_.extension}"


def link(names: Names, root: str, iri: str) -> str:
    """Where a link to an IRI leads: what is published here to this service, else to the web; empty for no link."""
    if names.owns(iri):
        path, sharp, fragment = _path(names, iri).partition("#")
        return f"{root}/{quote(path, safe=_PLAIN)}{sharp}{quote(fragment, safe=_PLAIN)}"
    # Whatever else a browser would do with an address, it does not do here.
    return iri if iri.startswith(("http://", "https://")) else ""


def links(request: Request, paths: Iterator[tuple[Format, str]], own: Format) -> Fields:
    """`Link` fields (RFC 8288) of a document among those that say the same: itself, the others, the data behind it.

    Args:
        request: for the origin.
        paths: format and path of each document.
        own: the format of this one.
    """
    fields: list[tuple[bytes, bytes]] = []
    for format_, path in paths:
        address = f"{request.origin}{path}"
        if format_ is own:
            fields.append((b"link", f'<{address}>; rel="canonical"'.encode()))
            continue
        fields.append((b"link", f'<{address}>; rel="alternate"; type="{format_.media_type}"'.encode()))
        if format_ is GRAPHS[0]:
            fields.append((b"link", f'<{address}>; rel="describedby"; type="{format_.media_type}"'.encode()))
    return tuple(fields)
