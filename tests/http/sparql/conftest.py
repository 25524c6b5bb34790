"""The small data set, for whoever asks about HTTP itself."""

from __future__ import annotations

from tests.http.small import quick_limits, server, small

__all__ = ["quick_limits", "server", "small"]
