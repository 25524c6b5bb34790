"""Charts: what the picture, its sentence, its table and its files say is the same, and what the graph says."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from xml.etree import ElementTree

import httpx2
import pytest
from PIL import Image

from graph_service.errors import LimitExceeded
from graph_service.http import web
from graph_service.pages.charts.content import MOST_ROWS, bounded
from graph_service.pages.charts.routes import KINDS

ASKED = {
    "sides-by-issue": "actor=id/actor/spd",
    "sides-by-kind": "proposition=id/proposition/famreun-subsidiary",
    "over-time": "issue=id/issue/asylum",
    "change": "earlier=2017&later=2021&all=true&actor=id/actor/spd&actor=id/actor/afd",
    "distance": "year=2021&actor_kind=id/actor-kind/party",
}
NAMES = list(KINDS)
STANCES = {1: "for", 0: "conditional or mixed", -1: "against"}


def rows(client: httpx2.Client, name: str, asked: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/chart/{name}.csv?{asked or ASKED[name]}&lang=en")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def page(client: httpx2.Client, path: str) -> str:
    """The HTML of a page in English."""
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang=en", headers={"accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


def as_read(row: dict[str, str]) -> list[str]:
    """A row as readers have it: things by name, numbers to two places."""
    named = [value for column, value in row.items() if f"{column}_label" not in row and column != "distance"]
    return [*named, f"{float(row['distance']):.2f}"] if "distance" in row else named


@pytest.mark.parametrize("name", NAMES)
def test_sentence_and_table_tell_the_same(client: httpx2.Client, name: str) -> None:
    text = page(client, f"/chart/{name}?{ASKED[name]}")
    body = text.partition('<table class="figures">')[2].partition("</table>")[0].partition("<tbody>")[2]
    cells = [
        [html.unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall("<td.*?</td>", row)]
        for row in body.split("</tr>")[:-1]
    ]
    found = [as_read(row) for row in rows(client, name)]
    assert cells == found
    assert found
    (told,) = map(html.unescape, re.findall(r'<img src="[^"]+" alt="([^"]+)" width', text))
    for row in found[:12]:
        # A distance is told as its two numbers.
        assert all(value in told for value in row if "." not in value or not value[0].isdecimal()), row
    further = len(found) - 12
    assert (f"{further} more in the table" in told) == (further > 0)


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_pictures(client: httpx2.Client, name: str) -> None:
    address = f"/chart/{name}.svg?{ASKED[name]}&lang=de"
    answer = client.get(address)
    assert answer.headers["content-type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.text)
    space = "{http://www.w3.org/2000/svg}"
    title, about = (root.findtext(f"{space}{tag}") or "" for tag in ("title", "desc"))
    assert about.startswith(f"{title}.")
    drawn = " ".join(text.text or "" for text in root.iter(f"{space}text"))
    assert all(word in drawn for word in title.split()[:4])
    assert "Quelle:" in drawn
    # It stays as it is, and says so.
    again = client.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    narrow = ElementTree.fromstring(client.get(f"{address}&size=narrow").text)
    assert [one.attrib["width"] for one in (root, narrow)] == ["720", "360"]
    picture = client.get(address.replace(".svg", ".png"))
    assert picture.headers["content-type"] == "image/png"
    image = Image.open(io.BytesIO(picture.content)).convert("RGB")
    assert image.width == 1440
    assert image.height == 2 * int(root.attrib["height"])
    colours = image.getcolors(1 << 24) or []
    inked = sum(count for count, colour in colours if colour != (255, 255, 255))
    assert 0.005 < inked / (image.width * image.height) < 0.5


def test_counts_are_those_of_the_page_of_the_proposition(client: httpx2.Client) -> None:
    text = page(client, "/page/proposition/famreun-subsidiary")
    standing = text.partition('class="stacked standing"')[2].partition("</table>")[0]
    counted = dict(re.findall(r'data-stance="(\w+)">.*?</span> (\d+)', standing))
    totals = Counter[str]()
    for row in rows(client, "sides-by-kind"):
        totals.update({key: int(row[key]) for key in ("against", "for", "mixed", "several")})
    assert {key: number for key, number in totals.items() if number} == {
        key: int(number) for key, number in counted.items() if key in totals
    }


def test_years_are_those_of_the_api(client: httpx2.Client) -> None:
    found = client.get("/api/timeline", params={"actor": "id/actor/afd"}).json()
    expected = Counter(
        (one["from"][:4], {1: "for", -1: "against", 0: "mixed"}[one["agreement"]])
        for one in found["positions"]
        if one["from"] and one["comparable"]
    )
    told = {
        (row["year"], key): int(row[key])
        for row in rows(client, "over-time", "actor=id/actor/afd")
        for key in ("for", "against", "mixed")
    }
    assert {key: number for key, number in told.items() if number} == expected


def test_distances_are_shares_of_what_is_shared(client: httpx2.Client) -> None:
    found = rows(client, "distance")
    assert all(int(row["shared"]) >= 5 for row in found)
    assert all(float(row["distance"]) == round(int(row["apart"]) / int(row["shared"]), 2) for row in found)
    actors = {row[end] for row in found for end in ("actor", "other")}
    assert len(found) == len(actors) * (len(actors) - 1) // 2
    words = web.words("en")
    text = html.unescape(page(client, "/chart/distance?year=2021"))
    assert words["chart.distance.stress"].partition("{")[0] in text
    assert words["chart.distance.absent"].partition("{")[0] in text


def test_change_shows_what_moved_unless_all_is_asked_for(client: httpx2.Client) -> None:
    every = rows(client, "change")
    moved = rows(client, "change", ASKED["change"].replace("&all=true", ""))
    assert [row for row in every if row["earlier"] != row["later"]] == moved
    assert len(moved) < len(every)
    for row in every:
        asked = {"actor": row["actor"], "proposition": row["proposition"]}
        positions = client.get("/api/timeline", params=asked).json()["positions"]
        for end, year in (("earlier", "2017"), ("later", "2021")):
            of_year = {one["agreement"] for one in positions if (one["from"] or "")[:4] == year and one["comparable"]}
            assert {web.words("en")[f"stance.{ {1: 'for', 0: 'mixed', -1: 'against'}[one] }"] for one in of_year} == {
                row[end]
            }


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/chart/change?earlier=1848", 422),
        ("/chart/distance?year=1848", 422),
        ("/chart/sides-by-issue.svg?actor=id/actor/nobody", 422),
        # That of another chart would be passed over, and more shown than was asked for.
        ("/chart/over-time.svg?year=2021", 422),
        ("/chart/distance?proposition=id/proposition/avb", 422),
        ("/chart/over-time/embed?earlier=2013", 422),
        ("/chart/over-time?fbclid=1", 200),
        ("/chart/sides-by-issue.gif", 404),
        ("/chart/pie.svg", 404),
        ("/chart/over-time?" + "&".join(f"actor=id/actor/{one}" for one in ("spd", "fdp")), 200),
    ],
)
def test_what_is_refused(client: httpx2.Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_too_many_rows_are_refused() -> None:
    bounded([["one"]] * MOST_ROWS)
    with pytest.raises(LimitExceeded, match="1,001 rows"):
        bounded([["one"]] * (MOST_ROWS + 1))


def test_an_empty_chart_says_so(client: httpx2.Client) -> None:
    asked = "actor=id/actor/bamf&lang=en"
    assert client.get("/api/positions?holder=id/actor/bamf").json()["items"] == []
    nothing = web.words("en")["chart.nothing"]
    assert nothing in client.get(f"/chart/sides-by-issue.svg?{asked}").text
    assert nothing in page(client, "/chart/sides-by-issue?actor=id/actor/bamf")


def test_only_the_page_for_frames_may_be_framed(client: httpx2.Client) -> None:
    for _ in range(3):
        # Fresh, from the cache, and before a request becomes a task.
        answer = client.get("/chart/sides-by-kind/embed?lang=en", headers={"accept": "text/html"})
        (policy,) = answer.headers.get_list("content-security-policy")
        assert "frame-ancestors *" in policy
        assert "script-src" not in policy
    for other in ("/chart/sides-by-kind", "/chart/sides-by-kind.svg", "/charts"):
        assert "frame-ancestors 'none'" in client.get(other).headers["content-security-policy"]
    code = html.unescape(page(client, "/chart/sides-by-kind"))
    (framed,) = re.findall(r'<iframe src="([^"]+)" title="[^"]+" width="\d+" height="\d+"></iframe>', code)
    assert client.get(html.unescape(framed)).status_code == 200
    (image,) = re.findall(r'<pre><img src="([^"]+)" alt="[^"]+"', code)
    assert client.get(html.unescape(image)).headers["content-type"] == "image/svg+xml"
