"""Limits of RDF/XML: entities must not expand without bound, and nesting is limited.

The RDF parser expands entities in memory and takes time in the square of the depth (measured: an entity of entities
ends the process, 100,000 levels take minutes). Expat sees both before that, in one pass.
"""

from __future__ import annotations

from xml.parsers import expat

LONGEST_ENTITY = 200
DEEPEST = 500


def refuse_hostile(content: bytes) -> None:
    """Look through an XML document for what would exhaust the parser.

    Entities abbreviate namespaces in many ontologies; such a one is short and names no other. With entities of at
    most `LONGEST_ENTITY` characters a document grows at most fiftyfold. What is not well-formed is left to the parser.

    Raises:
        ValueError: an entity is long or made of others, or elements nest deeper than `DEEPEST`.
    """
    parser = expat.ParserCreate()
    depth = 0

    def entity(name: str, _parameter: bool, value: str | None, *_: object) -> None:
        if value is None:
            raise ValueError(f"the entity {name[:40]} is external; external entities are not read")
        if "&" in value or len(value) > LONGEST_ENTITY:
            raise ValueError(f"the entity {name[:40]} is longer than {LONGEST_ENTITY} characters or made of others")

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"elements nest deeper than {DEEPEST} levels")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.EntityDeclHandler = entity
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        return
