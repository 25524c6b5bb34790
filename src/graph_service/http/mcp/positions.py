"""The tools `positions` and `compare`: who says what, where it stands, and which kind of silence there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from graph_service.http.mcp.answers import Answer, fitting
from graph_service.http.mcp.evidence import Evidence, evidence, grounds, without_passage
from graph_service.http.mcp.inquiry import Inquiry
from graph_service.http.web.parameters import Texts
from graph_service.views.comparing.comparison import ComparisonOutcome, Status

POSITIONS, COMPARE = "/api/positions", "/api/compare"
# Positions in one answer, unless more are asked for.
FEW = 10
_STANCES = {1: Status.AGREES, -1: Status.DISAGREES, 0: Status.NEUTRAL}
# Filters whose hierarchies are followed by reasoning.
_ROLLED_UP = ("issue", "group")
# Where a comparison lists its propositions, the most telling first.
OUTCOMES = {
    ComparisonOutcome.DIFFERENCE: "differences",
    ComparisonOutcome.COMMON: "common",
    ComparisonOutcome.CONDITIONAL: "conditional",
    ComparisonOutcome.ONE_SIDED: "one_sided",
    ComparisonOutcome.UNCOVERED: "uncovered",
}


async def positions(inquiry: Inquiry, arguments: Texts) -> Answer:
    """Positions by the filters of the API; `after` is where the next call goes on."""
    asked = {"limit": [str(FEW)], **arguments, "count": ["true"]}
    content = await inquiry.get(POSITIONS, asked)
    found = await evidence(inquiry, (item["id"] for item in content["items"]))
    rows = fitting([_row(item, found, inquiry) for item in content["items"]])
    if len(rows) < len(content["items"]):
        # A page ends where the answer ends, so that the next one goes on there.
        asked["limit"] = [str(max(len(rows), 1))]
        content = await inquiry.get(POSITIONS, asked)
    items, total = content["items"], content["total"]
    iris = [item["id"] for item in items]
    words = inquiry.words
    caveats = [words["footer.caution"], *_cautions(item["caution"] for item in items)]
    caveats += without_passage(iris, found, inquiry)
    unchecked = sum(1 for item in items if item["proposition"] and not item["comparable"])
    if unchecked:
        caveats.append(words["mcp.incomparable"].format(number=unchecked, total=len(items)))
    if any(name in arguments for name in _ROLLED_UP):
        caveats.append(words["mcp.rolled-up"])
    if not items:
        caveats.append(words["mcp.nothing"])
    following = parse_qs(urlsplit(content["next"] or "").query).get("after")
    facts = {"total": total, **({"after": following[0]} if following else {})}
    more = words["mcp.after"] if following else words["mcp.narrow"]
    link = inquiry.permalink(POSITIONS, asked)
    return Answer(link, rows, "positions", len(rows), bool(following), more, caveats=caveats, facts=facts)


def _row(item: Mapping[str, Any], found: dict[str, Evidence], inquiry: Inquiry) -> dict[str, Any]:
    """A position; what it lacks is left out."""
    proposition, agreement = item["proposition"], item["agreement"]
    row = {
        "id": inquiry.short(item["id"]),
        "holder": [one["label"] for one in item["holder"]],
        "proposition": proposition and {"id": inquiry.short(proposition["id"]), "label": proposition["label"]},
        "stance": _STANCES[agreement] if agreement is not None else None,
        "from": item["date"],
        "to": item["latest"],
        **{name: item[name] and item[name]["label"] for name in ("verb", "fit", "verification", "source_kind")},
        "cautions": [one["label"] for one in item["caution"]],
        **grounds(item["id"], found, inquiry),
        "quoted": {"says": item["text"], "dated": item["date_as_given"]},
    }
    return {name: value for name, value in row.items() if value not in (None, "", [])}


async def compare(inquiry: Inquiry, arguments: Texts) -> Answer:
    """Propositions by what comparing the actors on them gives."""
    wanted = arguments.pop("outcome", list(OUTCOMES))
    content = await inquiry.get(COMPARE, arguments)
    listed = [(outcome, one) for outcome in wanted for one in content[OUTCOMES[ComparisonOutcome(outcome)]]]
    held = [position for _, one in listed for cell in one["cells"] for position in cell["positions"]]
    found = await evidence(inquiry, (position["id"] for position in held))
    names = {actor["id"]: actor["label"] for actor in content["actors"]}
    words = inquiry.words
    caveats = [words["mcp.silence"], words["footer.caution"], words["mcp.latest"]]
    left_out = {reason: number for reason, number in content["left_out"].items() if number}
    caveats += [f"{number}: {words[f'left-out.{reason}']}" for reason, number in left_out.items()]
    caveats += _cautions(position["cautions"] for position in held)
    facts = {
        "actors": [{"id": inquiry.short(actor["id"]), "label": actor["label"]} for actor in content["actors"]],
        "propositions": {outcome: len(content[key]) for outcome, key in OUTCOMES.items()},
        "left_out": left_out,
    }
    rows = [_compared(outcome, one, names, found, inquiry) for outcome, one in listed]
    link = inquiry.permalink(COMPARE, arguments)
    return Answer(link, rows, "compared", more=words["mcp.narrow-comparison"], caveats=caveats, facts=facts)


def _compared(
    outcome: str, one: Mapping[str, Any], names: Mapping[str, str], found: dict[str, Evidence], inquiry: Inquiry
) -> dict[str, Any]:
    about = {"id": inquiry.short(one["proposition"]["id"]), "label": one["proposition"]["label"]}
    cells = [_cell(cell, names[cell["actor"]], found, inquiry) for cell in one["cells"]]
    return {"outcome": outcome, "proposition": about, "actors": cells}


def _cell(cell: Mapping[str, Any], name: str, found: dict[str, Evidence], inquiry: Inquiry) -> dict[str, Any]:
    """Where one actor stands; of silence, in how many of its own texts it was looked for."""
    stands: dict[str, Any] = {"actor": name, "stance": cell["status"]}
    if not cell["positions"]:
        return {**stands, "own_texts_searched": len(cell["searched"])}
    stands["positions"] = [
        {
            "id": inquiry.short(position["id"]),
            "from": position["from"],
            "to": position["to"],
            "source_kind": position["source_kind"] and position["source_kind"]["label"],
            **grounds(position["id"], found, inquiry),
            "quoted": {"says": position["text"], "dated": position["date_as_given"]},
        }
        for position in cell["positions"]
    ]
    return stands


def _cautions(listed: Iterable[Sequence[Mapping[str, str]]]) -> list[str]:
    """Each caution with the number of positions that it is about."""
    numbers = Counter(one["label"] for cautions in listed for one in cautions)
    return [f"{number}: {label}" for label, number in numbers.most_common()]
