"""Parameters of the operations of networks, named as in `networks.choices`."""

from __future__ import annotations

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.network_choices import Duplicates, Figure, Isolates, Measure, Normalisation, Unit

TARGETS = ("proposition", "body", "document", "issue")


def of(name: str) -> dict[str, Parameter]:
    """The parameters of one kind of network: `actors`, `propositions` or `affiliation`."""
    two_modes = name == "affiliation"
    params = {"to": _TO, "mode": _MODE} if two_modes else {}
    params["measure"] = _choice(
        [one for one in Measure if two_modes or one is not Measure.COMBINE],
        "ignore" if two_modes else "congruence",
        "What the weight of an edge measures",
        "Was das Gewicht einer Kante misst",
    )
    params["normalisation"] = _choice(
        list(Normalisation), "no", "How weights are normalised", "Wie Gewichte normalisiert werden"
    )
    params["duplicates"] = _choice(
        list(Duplicates),
        "document",
        "Period within which a repeated statement counts once",
        "Zeitraum, in dem eine wiederholte Aussage einmal zählt",
    )
    params["isolates"] = _choice(list(Isolates), "drop", "Nodes without an edge", "Knoten ohne Kante")
    return params | _SELECTION | (_OVER_TIME if not two_modes else {})


def _choice(values: list[str], default: str, english: str, german: str) -> Parameter:
    title = {"en": english, "de": german}
    return Parameter(type=Type.ENUM, values=tuple(str(value) for value in values), default=default, title=title)


def _iri(of: str, example: str, english: str, german: str) -> Parameter:
    return Parameter(type=Type.IRI, of=of, repeatable=True, example=example, title={"en": english, "de": german})


def _number(default: str, example: str, english: str, german: str) -> Parameter:
    return Parameter(type=Type.INTEGER, default=default, example=example, title={"en": english, "de": german})


def _flag(english: str, german: str) -> Parameter:
    return Parameter(type=Type.BOOLEAN, default="false", title={"en": english, "de": german})


_TO = _choice(list(TARGETS), "body", "What actors are affiliated with", "Womit Akteure verbunden sind")
_MODE = _choice(
    ["two-mode", "actors", "concepts"],
    "two-mode",
    "Both kinds of nodes, or one kind connected by what it shares",
    "Beide Arten von Knoten oder eine, verbunden durch Gemeinsames",
)
_SELECTION: dict[str, Parameter] = {
    "minimum": Parameter(
        type=Type.DECIMAL,
        default="0",
        example="2",
        title={"en": "Minimum absolute weight of an edge", "de": "Kleinster Betrag des Gewichts einer Kante"},
    ),
    "limit": _number(
        "", "300", "Maximum number of edges; the strongest are kept", "Höchstzahl der Kanten; die stärksten bleiben"
    ),
    "figures": Parameter(
        type=Type.ENUM,
        repeatable=True,
        values=tuple(str(figure) for figure in Figure),
        example="community betweenness",
        title={
            "en": "Node metrics; by default those that are quick to compute",
            "de": "Kennzahlen der Knoten; sonst die schnell berechneten",
        },
    ),
    "since": Parameter(type=Type.DATE, example="2019-01-01", title={"en": "From this day", "de": "Ab diesem Tag"}),
    "until": Parameter(type=Type.DATE, example="2025-12-31", title={"en": "To this day", "de": "Bis zu diesem Tag"}),
    "actor": _iri("mp:Actor", "id/actor/spd", "Only these actors", "Nur diese Akteure"),
    "actor_kind": _iri(
        "id/scheme/actor-kinds", "id/actor-kind/party", "Only actors of this kind", "Nur Akteure dieser Art"
    ),
    "proposition": _iri("mp:Proposition", "id/proposition/avb", "Only these propositions", "Nur diese Thesen"),
    "issue": _iri("id/scheme/issues", "id/issue/asylum", "Only this issue", "Nur dieses Thema"),
    "document": _iri("mp:Document", "id/document/programme-spd-2025", "Only these documents", "Nur diese Dokumente"),
    "source_kind": _iri(
        "id/scheme/source-kinds", "id/source-kind/primary", "Only sources of this kind", "Nur Quellen dieser Art"
    ),
    "own": _flag("Only own texts and copies of them", "Nur eigene Texte und deren Abschriften"),
    "all": _flag("Unverified, partial and conditional ones, too", "Auch ungeprüfte, teilweise passende und bedingte"),
}
_OVER_TIME: dict[str, Parameter] = {
    "window": _number(
        "", "3", "Size of time windows; one network for each", "Größe der Zeitfenster; ein Netzwerk für jedes"
    ),
    "unit": _choice(list(Unit), "years", "Unit of size and step", "Einheit von Größe und Schritt"),
    "step": _number("1", "1", "Units by which the window moves", "Einheiten, um die das Fenster rückt"),
}
