"""What every format says of a network besides nodes and edges, and how attributes are typed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from graph_service.networks.network import Attribute, Network
from graph_service.networks.specification import Specification

Value = str | int | float | bool


def of_network(network: Network) -> dict[str, Value]:
    """The choices the network was made by, its notes and its size, by name; what is not set is absent."""
    return {**of_specification(network.specification), **network.notes, "statements": len(network.statements)}


def of_specification(specification: Specification) -> dict[str, Value]:
    """The choices of a specification that are set, by name."""
    chosen = dataclasses.asdict(specification)
    chosen.pop("ceiling")
    return {name: str(one) if isinstance(one, str) else one for name, one in chosen.items() if one is not None}


def summary(described: Mapping[str, Value]) -> str:
    """What is said of a whole network in one line, for formats in which readers expect no attributes of a graph."""
    return "; ".join(
        f"{name} = {str(one).lower() if isinstance(one, bool) else one}" for name, one in described.items()
    )


def of_nodes(network: Network) -> Iterator[tuple[str, dict[str, Value]]]:
    """Each node's id and its attributes as Python values; absent ones ("" or NaN) are left out."""
    names = list(network.attributes)
    columns = [network.attributes[name].tolist() for name in names]
    for node, *values in zip(ids(network), *columns, strict=True):
        yield node, {name: value for name, value in zip(names, values, strict=True) if value == value and value != ""}


def ids(network: Network) -> list[str]:
    """The names of all nodes, each once: in two modes a column that is named like a row gets its kind behind it."""
    rows: list[str] = network.rows.tolist()
    if network.is_one_mode:
        return rows
    taken, columns = set(rows), []
    for name in network.columns.tolist():
        while name in taken:
            name = f"{name} ({network.kinds[1]})"
        taken.add(name)
        columns.append(name)
    return rows + columns


def edges(network: Network) -> Iterator[tuple[str, str, float]]:
    """Both ends' ids and the number of each edge, ordered by source and target."""
    named = ids(network)
    offset = 0 if network.is_one_mode else len(network.rows)
    for source, targets, numbers in network.adjacency():
        for target, number in zip(targets.tolist(), numbers.tolist(), strict=True):
            yield named[source], named[target + offset], number


def xml_type(attribute: Attribute | Value) -> str:
    """The type of an attribute as GraphML and GEXF name it; their names for whole numbers of 64 bits differ not."""
    kind: Any = attribute.dtype.kind if hasattr(attribute, "dtype") else None
    if kind == "b" or isinstance(attribute, bool):
        return "boolean"
    if kind in ("i", "u") or isinstance(attribute, int):
        return "long"
    return "double" if kind == "f" or isinstance(attribute, float) else "string"
