"""Response models of networks: node-link data, and the reasons for an edge."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from graph_service.http.api.models import Answer, Reference


class NetworkNode(BaseModel):
    """A node with its figures."""

    model_config = ConfigDict(extra="allow")

    id: str
    label: str


class NetworkEdge(BaseModel):
    """An edge and its number."""

    source: str
    target: str
    weight: float


class NetworkWindow(BaseModel):
    """The network of one window of time, or of an unbroken row of windows without statements.

    `windows` says how many they are, `last_midpoint` is that of the last; the days are those of the first.
    """

    midpoint: str
    since: str
    until: str
    last_midpoint: str
    windows: int
    nodes: list[str]
    edges: list[NetworkEdge]


class Network(BaseModel):
    """A network as NetworkX reads it (node-link data); over time it has windows instead of edges."""

    directed: bool
    multigraph: bool
    graph: dict[str, Any]
    nodes: list[NetworkNode]
    edges: list[NetworkEdge] | None = None
    windows: list[NetworkWindow] | None = None


class ReasonStatement(BaseModel):
    """A statement behind an edge."""

    model_config = ConfigDict(populate_by_name=True)

    id: str | None
    actor: Reference
    concept: Reference
    level: int | None
    since: str | None = Field(alias="from")
    until: str | None = Field(alias="to")
    date_as_given: str | None
    document: Reference | None


class Reason(BaseModel):
    """A pair of statements that makes part of an edge; shares sum to its number."""

    shared: Reference
    first: ReasonStatement
    second: ReasonStatement | None
    contribution: float
    share: float


class EdgeReasons(Answer):
    """The reasons of one edge, the weightiest first."""

    source: Reference
    target: Reference
    weight: float
    denominator: float
    reasons: list[Reason]
