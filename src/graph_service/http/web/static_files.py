"""Style sheet, icon and scripts of the pages: each read and coded once, with validators.

A file whose name has its version never changes (RFC 8246); any other is asked for again each time, mostly answered by
304.
"""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from graph_service.http.protocol import compression
from graph_service.http.protocol.cache import entity_tag, matches
from graph_service.http.protocol.documents import is_read, negotiate_encoding
from graph_service.http.protocol.negotiation import Encoding
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.protocol.request import Receive, Request, Scope, Send

PATH = "/static/"
_VERSIONED = re.compile(r"-\d+\.\d+")
_FOREVER = b"public, max-age=31536000, immutable"
_REVALIDATE = b"public, no-cache"


@dataclass(frozen=True)
class _File:
    """A file as it goes out."""

    body: bytes
    tag: str
    fields: Fields


class Static:
    """The files of a directory.

    Args:
        directory: whose files, at any depth, are public.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory.resolve()
        self._file = lru_cache(maxsize=64)(_read)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            RequestError: 404, 405.
        """
        request = Request.of(scope, receive)
        if not await is_read(request, send):
            return
        path = self._path(scope["path"].removeprefix(scope.get("root_path", "")).removeprefix(PATH))
        # Who edits a file while it is served sees the new one.
        file = self._file(path, path.stat().st_mtime_ns, negotiate_encoding(request))
        known = matches(request.field(b"if-none-match"), file.tag)
        fields = [field for field in file.fields if not known or not field[0].startswith(b"content-")]
        await send({"type": "http.response.start", "status": 304 if known else 200, "headers": fields})
        await send({"type": "http.response.body", "body": b"" if known or request.method == "HEAD" else file.body})

    def _path(self, name: str) -> Path:
        try:
            path = (self._directory / name).resolve()
            found = path.is_relative_to(self._directory) and path.is_file()
        except (OSError, ValueError):
            found = False
        if not found:
            raise RequestError(404, "There is no such file.")
        return path


def _read(path: Path, changed: int, encoding: Encoding) -> _File:
    """A file, coded if that pays; `changed` is its time stamp, so that a new one is read anew."""
    content = path.read_bytes()
    body = compression.encode(content, encoding) if len(content) >= compression.SMALLEST else content
    coded = encoding != "identity" and len(content) >= compression.SMALLEST
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    tag = entity_tag("static", path.name, sha256(content).hexdigest(), encoding)
    fields = [
        (b"content-type", (f"{kind}; charset=utf-8" if kind.startswith("text/") else kind).encode()),
        (b"content-length", str(len(body)).encode()),
        *(((b"content-encoding", encoding.encode()),) if coded else ()),
        (b"etag", tag.encode()),
        (b"vary", b"Accept-Encoding"),
        (b"cache-control", _FOREVER if _VERSIONED.search(path.name) else _REVALIDATE),
    ]
    return _File(body, tag, tuple(fields))
