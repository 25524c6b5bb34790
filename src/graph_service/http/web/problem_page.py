"""Problems as responses: problem details (RFC 9457) for programs, an HTML page for people.

The page is made of the request alone: it has to be there when the store is not. Its words are in the language that was
asked for; the sentence that only the error itself could write is in English, and marked as such.
"""

from __future__ import annotations

from graph_service.http import web
from graph_service.http.protocol import negotiation
from graph_service.http.protocol.problems import Fields, Problem, RequestError
from graph_service.http.protocol.request import Request
from graph_service.http.web import addresses
from graph_service.rdf.formats import Format

_JSON = Format("problem", "application/problem+json", "json", ("application/json",))
# Code points of an address, and of the name in it that may be searched for.
_LONGEST_ADDRESS = 300
_LONGEST_NAME = 80
_ABSENT = (404, 410)


def render(problem: Problem, request: Request) -> tuple[Fields, bytes]:
    """Header fields and body: JSON, or a page if the client prefers HTML.

    Args:
        problem: what is reported.
        request: the failed request; decides format, language and root path.
    """
    accept = request.field(b"accept")
    readable = negotiation.choose(accept, (_JSON, negotiation.HTML)) is negotiation.HTML
    body = page(problem, request) if readable else problem.json()
    format_ = negotiation.HTML if readable else _JSON
    fields = (
        (b"content-type", format_.content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept, Accept-Language"),
        *problem.fields,
    )
    return fields, body


def page(problem: Problem, request: Request) -> bytes:
    """The page as UTF-8 HTML, everything escaped."""
    given = _parameters(request)
    asked = next((value for name, value in given if name == "lang" and value in web.LANGUAGES), "")
    language = asked or negotiation.language(request.field(b"accept-language"), web.LANGUAGES)
    words = web.words(language)
    facts = {
        "problem": problem,
        "heading": words.get(f"problem.{problem.name}"),
        "advice": words[f"problem.advice.{_advice(problem)}"],
        "address": _shortened(_address(request), _LONGEST_ADDRESS),
        "name": _name(request) if problem.status in _ABSENT else "",
        "root": request.scope.get("root_path", ""),
        "keep": f"?lang={asked}" if asked else "",
        "here": addresses.translations(given, web.LANGUAGES),
        "digest": "",
    }
    return web.render("problem", language, **facts)


def _advice(problem: Problem) -> str:
    """What helps, by its key among the words."""
    if problem.status in _ABSENT:
        return "absent"
    if problem.name in ("query-timeout", "limit-exceeded"):
        return "narrower"
    return "later" if problem.status >= 500 else "change"


def _parameters(request: Request) -> list[tuple[str, str]]:
    """Those of the address; none where they cannot be read, which may be what the page is about."""
    try:
        return request.parameters()
    except RequestError:
        return []


def _address(request: Request) -> str:
    query = request.scope.get("query_string", b"").decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else str(request.scope["path"])


def _name(request: Request) -> str:
    """The words in the last part of the path: a search for them may find what the reader wanted."""
    last = str(request.scope["path"]).rstrip("/").rpartition("/")[2]
    return _shortened(" ".join(addresses.split_suffix(last)[0].replace("-", " ").split()), _LONGEST_NAME)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
