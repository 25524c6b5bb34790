"""What can be chosen for a network, by the names of the Discourse Network Analyzer (DNA 3.1) and rDNA.

They stand outside of `networks`, which loads what computes: who only offers the choices need not wait for that.
"""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """What the nodes are."""

    ACTORS = "actors"
    CONCEPTS = "concepts"
    TWO_MODE = "two-mode"


class Measure(StrEnum):
    """What the weight of an edge measures (DNA: qualifier aggregation)."""

    IGNORE = "ignore"
    CONGRUENCE = "congruence"
    CONFLICT = "conflict"
    SUBTRACT = "subtract"
    COMBINE = "combine"


class Normalisation(StrEnum):
    """What the number is divided by; *cosine* is DNA's name for the product of the two activities."""

    NO = "no"
    AVERAGE = "average"
    COSINE = "cosine"
    JACCARD = "jaccard"
    ACTIVITY = "activity"
    PROMINENCE = "prominence"


class Isolates(StrEnum):
    """Which nodes without an edge stay: none, those with a statement after the filters, or all that the table knows."""

    DROP = "drop"
    KEEP = "keep"
    ALL = "all"


class Duplicates(StrEnum):
    """Within which period a repeated statement counts once; `include` counts all."""

    INCLUDE = "include"
    DOCUMENT = "document"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    RANGE = "range"


class Unit(StrEnum):
    """What sizes and steps are counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Figure(StrEnum):
    """Metrics of a node."""

    KIND = "kind"
    STATEMENTS = "statements"
    DEGREE = "degree"
    STRENGTH = "strength"
    COMMUNITY = "community"
    PAGERANK = "pagerank"
    BETWEENNESS = "betweenness"


CHEAP = (Figure.KIND, Figure.STATEMENTS, Figure.DEGREE, Figure.STRENGTH)
