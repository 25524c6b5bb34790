"""GEXF 1.3, Gephi's own format (https://gexf.net/schema.html), which networkx and rgexf read as well.

A network over time has the days at which each node and edge is there as spells, and the numbers of edges as a dynamic
attribute named `weight`. Its id is `Weight`: Gephi takes that for the weight, in any case of letters, and networkx
would read `weight` as an attribute that is not dynamic.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from graph_service.networks.formats.attributes import Value, edges, ids, of_network, of_nodes, summary, xml_type
from graph_service.networks.formats.xml_text import content, identifiers, quoted, value
from graph_service.networks.network import Network

# First and last day, and the number of an edge; None for a node.
Spell: TypeAlias = tuple[datetime.date, datetime.date, float | None]

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gexf xmlns="http://gexf.net/1.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">\n'
)


def pieces(network: Network) -> Iterator[str]:
    """The text in pieces. What is said of the whole network stands in `meta`; a node without `label` shows its id."""
    named = identifiers(ids(network))
    keys = {name: str(number) for number, name in enumerate(network.attributes)}
    yield from _opening(of_network(network), 'mode="static"')
    yield '<attributes class="node">\n'
    for name, attribute in network.attributes.items():
        yield f'<attribute id="{keys[name]}" title={quoted(name)} type="{xml_type(attribute)}"/>\n'
    yield "</attributes>\n<nodes>\n"
    for node, attributes in of_nodes(network):
        yield _node(
            named[node], str(attributes.get("label", node)), {keys[name]: attributes[name] for name in attributes}
        )
    yield "</nodes>\n<edges>\n"
    for number, (source, target, weight) in enumerate(edges(network)):
        ends = f"source={quoted(named[source])} target={quoted(named[target])}"
        yield f'<edge id="{number}" {ends} weight="{weight}"/>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def over_time(
    frames: Iterable[tuple[datetime.date, datetime.date, Network]],
    described: Mapping[str, Value],
    attributes: Mapping[str, Mapping[str, str]],
) -> Iterator[str]:
    """Networks that follow each other, as one dynamic graph.

    Args:
        frames: first and last day for which a network stands, both inclusive, in ascending order; see
            `discourse.frames`.
        described: what is said of all of them.
        attributes: of nodes, by name and node; `label` is what Gephi shows.
    """
    spells_of_nodes: dict[str, list[Spell]] = {}
    spells_of_edges: dict[tuple[str, str], list[Spell]] = {}
    for first, last, network in frames:
        for node in ids(network):
            _extend(spells_of_nodes.setdefault(node, []), first, last, None)
        for source, target, weight in edges(network):
            _extend(spells_of_edges.setdefault((source, target), []), first, last, weight)
    named = identifiers(sorted(spells_of_nodes))
    yield from _opening(described, 'mode="dynamic" timeformat="date" timerepresentation="interval"')
    yield '<attributes class="node">\n'
    yield from (f'<attribute id={quoted(name)} title={quoted(name)} type="string"/>\n' for name in attributes)
    yield '</attributes>\n<attributes class="edge" mode="dynamic">\n'
    yield '<attribute id="Weight" title="weight" type="double"/>\n</attributes>\n<nodes>\n'
    for node, spells in sorted(spells_of_nodes.items()):
        values = {name: known[node] for name, known in attributes.items() if known.get(node)}
        yield _node(named[node], values.get("label", node), values, _spells(spells))
    yield "</nodes>\n<edges>\n"
    for number, ((source, target), spells) in enumerate(sorted(spells_of_edges.items())):
        weights = "".join(f'<attvalue for="Weight" value="{weight}" {_days(a, b)}/>' for a, b, weight in spells)
        ends = f"source={quoted(named[source])} target={quoted(named[target])}"
        yield f'<edge id="{number}" {ends}><attvalues>{weights}</attvalues>{_spells(spells)}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _opening(described: Mapping[str, Value], mode: str) -> Iterator[str]:
    yield f"{_HEAD}<meta><description>{content(summary(described))}</description></meta>\n"
    yield f'<graph {mode} defaultedgetype="undirected">\n'


def _node(identifier: str, label: str, attributes: Mapping[str, Value], spells: str = "") -> str:
    values = "".join(f"<attvalue for={quoted(key)} value={quoted(value(one))}/>" for key, one in attributes.items())
    return f"<node id={quoted(identifier)} label={quoted(label)}><attvalues>{values}</attvalues>{spells}</node>\n"


def _extend(spells: list[Spell], first: datetime.date, last: datetime.date, number: float | None) -> None:
    """Add a spell, or make the last one longer where it goes on unchanged."""
    if spells and spells[-1][1] + datetime.timedelta(days=1) == first and spells[-1][2] == number:
        spells[-1] = (spells[-1][0], last, number)
    else:
        spells.append((first, last, number))


def _spells(spells: Iterable[Spell]) -> str:
    return f"<spells>{''.join(f'<spell {_days(first, last)}/>' for first, last, _ in spells)}</spells>"


def _days(first: datetime.date, last: datetime.date) -> str:
    return f'start="{first}" end="{last}"'
