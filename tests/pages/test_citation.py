"""Citations: an entry that no label breaks out of, a key that stays, an address that names the data."""

from __future__ import annotations

import re
from html import unescape

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.http.protocol.request import Request
from graph_service.pages.citation import Citation, cite, escaped, key_of, place_of
from graph_service.settings import ServeSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.pages.conftest import page
from tests.snapshot_servers import Stores

DIGEST = "0123456789abcdef" * 4
HOSTILE = st.text(
    st.one_of(st.sampled_from('{}\\@,="%&$#_~^äß—„'), st.characters(codec="utf-8")), max_size=120
) | st.sampled_from(["}, url = {https://evil.example}", "\\", "\\}", "{", "}}\n@comment{", "100 % & more", "a\\%}"])
# What means something to TeX, where it does not stand behind a backslash.
BARE = re.compile(r"(?<!\\)[%&$#_]|[~^]")


def asked(path: str, query: str = "", **scope: object) -> Request:
    given = {"scheme": "https", "headers": [(b"host", b"graph.example")], "query_string": query.encode()}
    return Request({**given, "path": path, "raw_path": path.encode(), **scope}, lambda: None)  # type: ignore[arg-type, return-value]


def entry(text: str) -> tuple[str, dict[str, str]]:
    """Key and fields of an entry, read as BibTeX reads it: braces count, whatever stands before them."""
    kind, _, rest = text.partition("{")
    assert kind == "@misc"
    key, _, rest = rest.partition(",")
    fields: dict[str, str] = {}
    while name := re.match(r"\s*([a-z]+) = \{", rest):
        depth, end = 1, name.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
            end += 1
        fields[name[1]] = rest[name.end() : end - 1]
        assert rest[end] == ","
        rest = rest[end + 1 :]
    assert rest.strip() == "}"
    return key, fields


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_breaks_out_of_its_field(title: str, publisher: str, name: str) -> None:
    one = cite(asked("/page/x"), DIGEST, publisher, "en", title, name)
    key, fields = entry(one.bibtex)
    assert re.fullmatch(r"[a-z0-9-]+", key)
    there = {"author": publisher, "title": True, "howpublished": True, "note": True, "url": name}
    assert list(fields) == [field for field, given in there.items() if given]
    for field in set(fields) - {"url"}:
        assert not BARE.search(re.sub(r"\{\\[~^]", "", fields[field])), fields[field]
        assert "\n" not in fields[field]
    assert not set("{}\\ \n") & set(fields.get("url", ""))


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("Müller & Söhne", r"M{\"u}ller \& S{\"o}hne"),
        ("Straße 100 %", r"Stra{\ss}e 100 \%"),
        ("Mu\u0308ller", r"M{\"u}ller"),
        ("Žižek, Łódź, français", r"{\v Z}i{\v z}ek, {\L}{\'o}d{\'z}, fran{\c c}ais"),
        ("{a} \\ b", r"\textbraceleft{}a\textbraceright{} \textbackslash{} b"),
        ("„so“ – und\n\tnicht", r"\quotedblbase{}so\textquotedblleft{} -- und nicht"),
        ("Ελλάδα ế", "Ελλάδα ế"),
        ("a\u200bb\x00", "ab"),
    ],
)
def test_texts_as_tex_writes_them(text: str, tex: str) -> None:
    assert escaped(text) == tex


def test_the_same_page_has_the_same_key_and_address() -> None:
    first = asked("/compare", "lang=de&actor=id/actor/b&actor=id/actor/a&issue=&since=2020-01-01")
    again = asked("/compare", "since=2020-01-01&actor=id/actor/b&format=html&actor=id/actor/a&lang=en")
    other = asked("/compare", "actor=id/actor/a&actor=id/actor/b&since=2020-01-01")
    assert place_of(first) == place_of(again) == "compare?actor=id/actor/b&actor=id/actor/a&since=2020-01-01"
    assert key_of(place_of(first), DIGEST) == key_of(place_of(again), DIGEST)
    keys = {key_of(place_of(one), digest) for one in (first, other) for digest in (DIGEST, DIGEST[::-1])}
    assert len(keys) == 4
    assert key_of("page/actor/spd", DIGEST).startswith("actor-spd-")
    assert key_of("", DIGEST).startswith("start-")


@given(st.text(max_size=60))
def test_keys_are_keys_whatever_the_address(place: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8}", key_of(place, DIGEST))


def test_the_address_is_that_of_the_edition_or_the_name() -> None:
    kept = cite(asked("/graph/page/x", root_path="/graph", editions="/graph/edition/"), DIGEST, "", "de", "X", "urn:x")
    assert kept.address == f"https://graph.example/graph/edition/{DIGEST}/page/x"
    assert kept.text == f"„X“, in: Graph der Migrationspolitik, Datensatz {DIGEST[:12]}."
    within = asked(f"/graph/edition/{DIGEST}/page/x", root_path=f"/graph/edition/{DIGEST}", editions="/graph/edition/")
    assert cite(within, DIGEST, "", "de", "X", "urn:x") == kept
    named = cite(asked("/page/x"), DIGEST, "P", "en", "X", "urn:x")
    assert (named.address, named.stays, named.is_link) == ("urn:x", False, False)
    assert named.text.startswith("P: “X”, in: Migration Policy Graph, data set 0123456789ab")


PAGES = {
    "/page/actor/spd": "SPD",
    "/page/position/spd-2025-track-switch": "",
    "/page/relation/membership-awo-bagfw": "",
    "/compare?actor=id/actor/spd&actor=id/actor/cducsu": "Compare: SPD, CDU/CSU",
    "/matrix": "Matrix",
    "/timeline?actor=id/actor/spd": "Timeline",
    "/coverage": "Coverage",
    "/network?issue=id/issue/asylum": "Network",
    "/network/edge?a=id/actor/spd&b=id/actor/gruene": "Reasons: SPD – ",
    "/explain?s=id/actor/afd&p=mp:holds&o=id/position/afd-2025-avb": "",
}


@pytest.mark.parametrize("address", PAGES)
def test_every_page_that_tells_something_is_cited(client: httpx2.Client, address: str) -> None:
    path, _, query = address.partition("?")
    text = page(client, path, **_given(query))
    found = re.findall(r'<details class="cite">.*?<pre>(.*?)</pre>\s*</details>', text, re.DOTALL)
    assert len(found) == 1
    key, fields = entry(unescape(found[0]))
    assert "author" not in fields
    assert escaped(PAGES[address]) in fields["title"]
    assert client.get("/health").json()["digest"] in fields["note"]
    assert key in page(client, path, **{**_given(query), "lang": "de"})


def _given(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        found.setdefault(name, []).append(value)
    return found


def test_the_publisher_is_named_if_he_is_known(own_snapshot: Snapshot, stores: Stores) -> None:
    with stores.served(own_snapshot, ServeSettings(publisher="A & <B>")) as server, server.client() as client:
        text = client.get("/page/person/a?lang=en").text
    cited = Citation("", "A & <B>", "", "", "", False, "", "en").bibtex
    assert entry(cited)[1]["author"] == r"{A \& \textless{}B\textgreater{}}"
    assert "A &amp; &lt;B&gt;: “" in text
    assert r"author = {{A \&amp; \textless{}B\textgreater{}}}" in text
