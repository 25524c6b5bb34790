"""Style sheet, icon and scripts of the pages: files of Starlette, compressed by its middleware.

A file whose name has its version never changes (RFC 8246); any other is asked for again each time, mostly answered by
304.
"""

from __future__ import annotations

import hashlib
import re
from os import PathLike, stat_result
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Scope

from graph_service.http.web.looks import Files

PATH = "/static"
_VERSIONED = re.compile(r"-\d+\.\d+")
_FOREVER = "public, max-age=31536000, immutable"
_REVALIDATE = "public, no-cache"


class _Files(StaticFiles):
    """Files that say how long they may be kept, those of the publisher among them."""

    def __init__(self, directory: Path, own: Files) -> None:
        super().__init__(directory=directory)
        self._own = own

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """A file, or 304."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = _FOREVER if _VERSIONED.search(Path(full_path).name) else _REVALIDATE
        return response

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at a path.

        Raises:
            HTTPException: 404, 405.
        """
        if path in self._own and scope["method"] in ("GET", "HEAD"):
            content, type_ = self._own[path]
            tag = {"etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"', "cache-control": _REVALIDATE}
            response = Response(content, media_type=type_, headers=tag)
            unchanged = self.is_not_modified(response.headers, Headers(scope=scope))
            return NotModifiedResponse(response.headers) if unchanged else response
        try:
            return await super().get_response(path, scope)
        except ValueError:  # a NUL in the path
            raise HTTPException(404) from None


def static_files(directory: Path, own: Files) -> ASGIApp:
    """The application that answers below `PATH`; every file of the directory, at any depth, is public, and `own`."""
    return GZipMiddleware(_Files(directory, own), minimum_size=1400, compresslevel=6)
