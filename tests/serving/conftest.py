"""The small data set, for whoever asks about HTTP itself."""

from __future__ import annotations

from tests.http.linked_data.conftest import own, own_server, own_snapshot
from tests.http.small import quick_limits, server, small

__all__ = ["own", "own_server", "own_snapshot", "quick_limits", "server", "small"]
