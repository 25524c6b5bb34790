"""Limits of a connection: sizes and times that apply before any query runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HTTPLimits:
    """HTTPLimits of requests, connections and the cache of answers.

    Attributes:
        url_bytes: length of a URL; beyond it 414, and POST is the way. The parser's own bound is 65,535.
        head_bytes: size of request line and fields together; beyond it 431.
        head_seconds: time in which a request's head has to be complete, from the first byte or the connection's start.
        body_seconds: time in which its body has to be.
        stall_seconds: time for which a client may leave what was sent to it unread.
        idle_seconds: time for which a connection may wait for its next request.
        connections: open connections; beyond it 503.
        cache_bytes: size of the cache of answers; 0 switches it off.
        cached_answer_bytes: size of the largest answer it keeps.
        shutdown_seconds: time that running answers get to end when the service stops.
    """

    url_bytes: int = 60 * 1024
    head_bytes: int = 128 * 1024
    head_seconds: float = 10.0
    body_seconds: float = 20.0
    stall_seconds: float = 30.0
    idle_seconds: int = 15
    connections: int = 1000
    cache_bytes: int = 64 * 1024 * 1024
    cached_answer_bytes: int = 2 * 1024 * 1024
    shutdown_seconds: int = 20
