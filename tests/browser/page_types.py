"""One page of every type: what is tried in a browser, checked for valid HTML and weighed. A new page adds a line."""

from __future__ import annotations

from collections.abc import Mapping

# Name to address, below the root and without language. Pages of resources are named as their function in
# `pages.subjects.kinds`, all others as their path.
PAGE_TYPES: Mapping[str, str] = {
    "/": "/",
    "/search": "/search?q=Asylberatung",
    "/compare": "/compare?actor=id/actor/spd&actor=id/actor/cducsu",
    "/matrix": "/matrix",
    "/timeline": "/timeline?actor=id/actor/spd",
    "/coverage": "/coverage",
    "/changes": "/changes",
    "/editions": "/editions",
    "/dumps": "/dumps",
    "/network": "/network?issue=id/issue/asylum",
    "/network/edge": "/network/edge?a=id/actor/spd&b=id/actor/gruene",
    "/charts": "/charts",
    "/chart/over-time": "/chart/over-time?issue=id/issue/asylum",
    "/questions": "/questions",
    "/questions/": "/questions/who-stands-where?proposition=avb",
    "/questions/?": "/questions/where-two-actors-part?actor=spd&other=nobody",
    "/brief": "/brief?issue=id/issue/asylum",
    "/docs": "/docs",
    "/sparql": "/sparql",
    "/ontology.html": "/ontology.html",
    "/imprint": "/imprint",
    "/privacy": "/privacy",
    "/corrections": "/corrections?about=id/position/spd-2025-track-switch",
    "/page": "/page?iri=http://www.w3.org/ns/org%23Organization",
    "/explain": "/explain?s=id/actor/afd&p=mp:holds&o=id/position/afd-2025-avb",
    "/actors": "/actors",
    "/propositions": "/propositions",
    "/issues": "/issues",
    "/documents": "/documents",
    "/positions": "/positions",
    "/positions?": "/positions?holder_kind=id/actor-kind/party&issue=id/issue/asylum&agreement=-1",
    "/votes": "/votes",
    "/things": "/things?class=mp:Actor",
    "proposition": "/page/proposition/humanitarian-admission",
    "roll_call": "/page/roll-call/bundestag-5369",
    "issue": "/page/issue/asylum",
    "actor": "/page/actor/paritaet-sachsen",
    "statements": "/page/position/spd-2025-track-switch?view=statements",
    "body": "/page/actor/wos-beirat",
    "concept": "/page/target-group/refugees",
    "scheme": "/page/scheme/target-groups",
    "document": "/page/document/paritaet-sachsen-migration-2019",
    "position": "/page/position/paritaet-sachsen-migration-2019-goal-2",
    "ontology_at": "/page/ontology",
    "relation": "/page/relation/paritaet-sachsen-migration-2019-representation-wos-beirat",
    "resource": "/page/coder/coder-1",
}
# What answers with a problem: name to address and status.
PROBLEMS: Mapping[str, tuple[str, int]] = {
    "problem": ("/page/actor/nobody-of-this-name", 404),
}
LANGUAGES = ("de", "en")


def address(path: str, language: str) -> str:
    """The address of a page in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"
