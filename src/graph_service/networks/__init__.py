"""Discourse networks of actors and propositions, with the statements behind every number.

>>> from graph_service.networks import Specification, Statements, network
>>> rows = [{"actor": "A", "concept": "x", "level": "1"}, {"actor": "B", "concept": "x", "level": "1"}]
>>> list(network(Statements.from_rows(rows), Specification(measure="congruence")).edges())
[Edge(source='A', target='B', weight=1.0)]
"""

from graph_service.network_choices import Duplicates, Figure, Isolates, Measure, Mode, Normalisation, Unit
from graph_service.networks.computing.affiliation import affiliation, affiliations
from graph_service.networks.computing.discourse import frames, network, networks_over_time
from graph_service.networks.computing.windows import Window
from graph_service.networks.formats import FORMATS, NetworkFormat, write
from graph_service.networks.network import Edge, Network
from graph_service.networks.node_figures import with_figures
from graph_service.networks.reasons import Reason, Reasons
from graph_service.networks.specification import Specification
from graph_service.networks.table.selection import select
from graph_service.networks.table.statement_files import read_csv
from graph_service.networks.table.statements import Statement, Statements

__all__ = [
    "FORMATS",
    "Duplicates",
    "Edge",
    "Figure",
    "Isolates",
    "Measure",
    "Mode",
    "Network",
    "NetworkFormat",
    "Normalisation",
    "Reason",
    "Reasons",
    "Specification",
    "Statement",
    "Statements",
    "Unit",
    "Window",
    "affiliation",
    "affiliations",
    "frames",
    "network",
    "networks_over_time",
    "read_csv",
    "select",
    "with_figures",
    "write",
]
