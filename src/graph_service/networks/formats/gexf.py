"""GEXF 1.2, Gephi's own format (http://gexf.net), which networkx and rgexf read as well."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.networks.formats.described import edges, ids, of_network, of_nodes, xml_type
from graph_service.networks.formats.xml_text import content, identifiers, quoted, value
from graph_service.networks.network import Network

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.gexf.net/1.2draft http://www.gexf.net/1.2draft/gexf.xsd" version="1.2">\n'
)


def pieces(network: Network) -> Iterator[str]:
    """The text in pieces. What is said of the whole network stands in `meta`; a node without `label` shows its id."""
    described = "; ".join(f"{name} = {value(given)}" for name, given in of_network(network).items())
    named = identifiers(ids(network))
    keys = {name: str(number) for number, name in enumerate(network.attributes)}
    yield f"{_HEAD}<meta><description>{content(described)}</description></meta>\n"
    yield '<graph mode="static" defaultedgetype="undirected">\n<attributes class="node">\n'
    for name, attribute in network.attributes.items():
        yield f'<attribute id="{keys[name]}" title={quoted(name)} type="{xml_type(attribute, "long")}"/>\n'
    yield "</attributes>\n<nodes>\n"
    for node, attributes in of_nodes(network):
        values = "".join(
            f'<attvalue for="{keys[name]}" value={quoted(value(given))}/>' for name, given in attributes.items()
        )
        label = quoted(str(attributes.get("label", node)))
        yield f"<node id={quoted(named[node])} label={label}><attvalues>{values}</attvalues></node>\n"
    yield "</nodes>\n<edges>\n"
    for number, (source, target, weight) in enumerate(edges(network)):
        ends = f"source={quoted(named[source])} target={quoted(named[target])}"
        yield f'<edge id="{number}" {ends} weight="{weight}"/>\n'
    yield "</edges>\n</graph>\n</gexf>\n"
