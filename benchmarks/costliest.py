"""The costliest arguments of every operation, found by search over the OpenAPI document.

One argument after the other gets the value that costs most together with those before it: an enumeration each of its
values, a number the ends of its range, a name all that the API lists, a text a long one. What is found is kept in
`tests/http/api/costliest.json`, and a test asks it again.

    python benchmarks/costliest.py      writes tests/http/api/costliest.json and benchmarks/costliest.md
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.http.metering import KEPT, SECONDS, Cost, Meter
from tests.http.processes import served

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import current_or_build
from graph_service.settings import BuildSettings

RESULT = Path(__file__).with_name("costliest.md")
# More names than this make a URL longer than the server reads.
_MOST_NAMES = 900
_NAMES = ("actors", "propositions", "documents", "issues")
_LONG = "Aufenthaltsrecht für geflüchtete Menschen und ihre Familien in Sachsen " * 20
# An argument that costs less than this more is not worth a longer request.
_WORTH = 1.1

Arguments = tuple[tuple[str, str], ...]


class Search:
    """Looks for the costliest arguments.

    Args:
        meter: of a service.
    """

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._document = meter.get("/openapi.json")
        self._names = {kind: [item["id"] for item in meter.get(f"/api/{kind}?limit=500")["items"]] for kind in _NAMES}

    def operations(self) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
        """Paths and parameters of what can be asked."""
        for path, item in self._document["paths"].items():
            if "get" in item and path.startswith("/api/"):
                yield path, item["get"].get("parameters", [])

    def costliest(self, path: str, parameters: Sequence[Mapping[str, Any]]) -> tuple[str, Cost]:
        """The address that costs most, and what."""
        given = {one["name"]: _first(one) for one in parameters if one.get("required")}
        place = path
        for one in parameters:
            if one["in"] == "path":
                place = place.replace("{" + one["name"] + "}", str(_first(one)))
                given.pop(one["name"], None)
        best: Arguments = tuple(given.items())
        cost = self._meter.cost(_address(place, best))
        asked = [one for one in parameters if one["in"] == "query" and one["name"] != "lang"]
        # Lists of names last: they cost something wherever they are read, and narrow what the others ask for.
        for one in sorted(asked, key=_is_list_of_names):
            others = tuple(pair for pair in best if pair[0] != one["name"])
            for values in self._values(one):
                tried = (*others, *((one["name"], value) for value in values))
                found = self._meter.cost(_address(place, tried))
                if found.status < 500 and _weight(found) > _weight(cost) * _WORTH:
                    best, cost = tried, found
        return _address(place, best), cost

    def _values(self, parameter: Mapping[str, Any]) -> Iterator[Sequence[str]]:
        schema = parameter["schema"]
        repeated = schema.get("type") == "array"
        schema = schema["items"] if repeated else schema
        if "enum" in schema:
            yield from ([str(value)] for value in schema["enum"])
            if repeated:
                yield list(map(str, schema["enum"]))
        elif schema.get("type") == "boolean":
            yield from (["true"], ["false"])
        elif schema.get("type") in ("integer", "number"):
            yield from ([str(value)] for value in (schema.get("minimum", 1), schema.get("maximum", 2999)))
        elif schema.get("format") == "date":
            yield from (["1900-01-01"], ["2100-01-01"])
        elif schema.get("format") == "iri-reference" and repeated:
            yield from (names[:_MOST_NAMES] for names in self._names.values())
        elif schema.get("type") == "string" and "pattern" not in schema and "format" not in schema:
            yield [_LONG]


def _is_list_of_names(parameter: Mapping[str, Any]) -> bool:
    return bool(parameter["schema"].get("items", {}).get("format") == "iri-reference")


def _first(parameter: Mapping[str, Any]) -> str:
    """The example of a parameter."""
    for found in (parameter.get("example"), *(parameter["schema"].get("examples") or ())):
        if found is not None:
            return str(found[0] if isinstance(found, list) else found)
    values = parameter["schema"].get("enum") or ["1"]
    return str(values[0])


def _address(path: str, arguments: Arguments) -> str:
    return f"{path}?{urlencode(arguments)}" if arguments else path


def _weight(cost: Cost) -> float:
    return cost.serving * 20 + cost.working


def main() -> None:
    """Search, and write what was found."""
    with tempfile.TemporaryDirectory() as directory:
        snapshot = current_or_build(find_inputs(BuildSettings(snapshots=Path(directory))))
        with served(snapshot.path, log=Path(directory) / "log", seconds=SECONDS, cache_mb=0) as service:
            search = Search(Meter(service))
            found = {path: search.costliest(path, parameters) for path, parameters in search.operations()}
    kept = {path: address for path, (address, _) in found.items()}
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    rows = sorted(found.items(), key=lambda one: -_weight(one[1][1]))
    lines = [
        "# The costliest arguments of the API's operations",
        "",
        f"`make bench-costs`; shipped data, limit of time {SECONDS:g} s, nothing cached. CPU in milliseconds.",
        "",
        "| operation | serving process | workers | status | bytes | length of the address |",
        "|---|---|---|---|---|---|",
    ]
    for path, (address, cost) in rows:
        lines.append(
            f"| `{path}` | {cost.serving * 1000:.1f} | {cost.working * 1000:.0f} | {cost.status} | {cost.size:,} "
            f"| {len(address):,} |"
        )
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
