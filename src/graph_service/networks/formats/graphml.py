"""GraphML, as Gephi, igraph, networkx, Cytoscape and visone read it (http://graphml.graphdrawing.org)."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.networks.formats.attributes import edges, ids, of_network, of_nodes, summary, xml_type
from graph_service.networks.formats.xml_text import content, identifiers, quoted, value
from graph_service.networks.network import Network

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
    ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)


def pieces(network: Network) -> Iterator[str]:
    """The text in pieces. Keys declare each attribute of nodes and edges with its type.

    What is said of the whole network stands in `desc`: Gephi reports a key for graphs as an error.
    """
    named = identifiers(ids(network))
    yield _HEAD
    for name, attribute in network.attributes.items():
        yield _key(f"node_{name}", "node", name, xml_type(attribute))
    yield _key("weight", "edge", "weight", "double")
    yield f'<graph edgedefault="undirected">\n<desc>{content(summary(of_network(network)))}</desc>\n'
    for node, attributes in of_nodes(network):
        data = "".join(_data(f"node_{name}", given) for name, given in attributes.items())
        yield f"<node id={quoted(named[node])}>{data}</node>\n"
    for source, target, number in edges(network):
        ends = f"source={quoted(named[source])} target={quoted(named[target])}"
        yield f'<edge {ends}><data key="weight">{number}</data></edge>\n'
    yield "</graph>\n</graphml>\n"


def _key(key: str, of: str, name: str, kind: str) -> str:
    return f'<key id={quoted(key)} for="{of}" attr.name={quoted(name)} attr.type="{kind}"/>\n'


def _data(key: str, given: object) -> str:
    return f"<data key={quoted(key)}>{content(value(given))}</data>"
