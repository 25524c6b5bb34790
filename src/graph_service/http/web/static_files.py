"""Style sheet, icon and scripts of the pages: files of Starlette, compressed by its middleware.

A file whose name has its version never changes (RFC 8246); any other is asked for again each time, mostly answered by
304.
"""

from __future__ import annotations

import re
from os import PathLike, stat_result
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

PATH = "/static"
_VERSIONED = re.compile(r"-\d+\.\d+")
_FOREVER = "public, max-age=31536000, immutable"
_REVALIDATE = "public, no-cache"


class _Files(StaticFiles):
    """Files that say how long they may be kept."""

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
        try:
            return await super().get_response(path, scope)
        except ValueError:  # a NUL in the path
            raise HTTPException(404) from None


def static_files(directory: Path) -> ASGIApp:
    """The application that answers below `PATH`; every file of the directory, at any depth, is public."""
    return GZipMiddleware(_Files(directory=directory), minimum_size=1400, compresslevel=6)
