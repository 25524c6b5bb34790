"""Queries that are meant to bring a service down: each kind of nesting, explosion and sheer size."""

from __future__ import annotations

from graph_service.rdf.formats import Form

LEVELS = 20_000
_ANY = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"


def _around(before: str, opening: str, inner: str, closing: str, after: str) -> str:
    return f"{before}{opening * LEVELS}{inner}{closing * LEVELS}{after}"


def _chain(count: int, piece: str) -> str:
    return "".join(piece.format(i=number, j=number + 1) for number in range(count))


NESTED = {
    "parentheses": _around("SELECT (", "(", "1", ")", " AS ?x) {}"),
    "functions": _around("SELECT (", "STR(", "1", ")", " AS ?x) {}"),
    "negations": _around("ASK { FILTER(", "!", "true", "", ") }"),
    "signs": _around("SELECT (", "-", "1", "", " AS ?x) {}"),
    "sums": _around("SELECT (1", "+1", "", "", " AS ?x) {}"),
    "conditions": _around("SELECT (", "IF(true,", "1", ",2)", " AS ?x) {}"),
    "coalesces": _around("SELECT (", "COALESCE(", "1", ")", " AS ?x) {}"),
    "disjunctions": _around("ASK { FILTER(false", "||false", "", "", ") }"),
    "lists in IN": _around("ASK { FILTER(", "1 IN (", "1", ")", ") }"),
    "groups": _around("SELECT * ", "{", "?s ?p ?o", "}", ""),
    "optionals": _around("SELECT * {", "?s ?p ?o OPTIONAL {", "", "}", "}"),
    "bare optionals": _around("SELECT * {", "OPTIONAL {", "?s ?p ?o", "}", "}"),
    "unions": _around("SELECT * {", "{} UNION {", "?s ?p ?o", "}", "}"),
    "minus": _around("SELECT * {", "?s ?p ?o MINUS {", "", "}", "}"),
    "graphs": _around("SELECT * {", "GRAPH ?g {", "?s ?p ?o", "}", "}"),
    "sub-selects": _around("SELECT * {", "{SELECT * {", "?s ?p ?o", "}}", "}"),
    "exists": _around("ASK {", "FILTER EXISTS {", "?s ?p ?o", "}", "}"),
    "not exists": _around("ASK {", "FILTER NOT EXISTS {", "?s ?p ?o", "}", "}"),
    "binds": _around("SELECT * {", "{BIND(1 AS ?x)", "", "}", "}"),
    "values": _around("SELECT * {", "{VALUES ?x {1}", "", "}", "}"),
    "path parentheses": _around("ASK { ?s ", "(", "<http://e/p>", ")", " ?o }"),
    "path repetitions": _around("ASK { <http://e/p0001> ", "(", "<http://e/knows>", ")*", " ?o }"),
    "path inversions": _around("ASK { ?s ", "^", "<http://e/p>", "", " ?o }"),
    "path sequences": _around("ASK { ?s <http://e/p>", "/<http://e/p>", "", "", " ?o }"),
    "path alternatives": _around("ASK { ?s <http://e/p>", "|<http://e/p>", "", "", " ?o }"),
    "negated paths": _around("ASK { ?s ", "!(", "<http://e/p>", ")", " ?o }"),
    "collections": _around("ASK { ?s ?p ", "(", "1", ")", " }"),
    "blank nodes": _around("ASK { ?s ?p ", "[ ?p ", "1", "]", " }"),
    "unclosed parentheses": "SELECT " + "(" * LEVELS,
    "unclosed groups": "SELECT * " + "{" * LEVELS,
    "unclosed paths": "ASK { ?s " + "(" * LEVELS,
    "unclosed collections": "ASK { ?s ?p " + "(" * LEVELS,
    "quoted triples": _around("ASK { ", "<< ", "?a ?b ?c", " ?b ?c >>", " ?p ?o }"),
    "triple terms": _around("ASK { ?s ?p ", "<<( ?a ?b ", "?c", " )>>", " }"),
    "aggregates": _around("SELECT (", "SUM(", "1", ")", " AS ?x) {}"),
}

EXPLOSIVE = {
    "cartesian product": f"SELECT * {{ {_ANY} }}",
    "counted cartesian product": f"SELECT (COUNT(*) AS ?n) {{ {_ANY} }}",
    "sorted cartesian product": f"SELECT * {{ {_ANY} }} ORDER BY ?c ?f ?i",
    "distinct cartesian product": f"SELECT DISTINCT ?a ?d ?g ?j {{ {_ANY} }}",
    "grouped cartesian product": f"SELECT ?a ?d (COUNT(*) AS ?n) {{ {_ANY} }} GROUP BY ?a ?d",
    "constructed explosion": f"CONSTRUCT {{ ?a ?b ?f . ?d ?e ?i . ?g ?h ?l . ?j ?k ?c }} WHERE {{ {_ANY} }}",
    "filter that never holds": f"SELECT * {{ {_ANY} FILTER(?a = ?f && ?d = ?l && ?g = ?c && ?j = 5) }}",
    "thousands of optionals": f"SELECT * {{ ?s ?p ?o {_chain(5000, 'OPTIONAL {{ ?s ?p{i} ?o{i} }} ')} }}",
    "thousands of unions": f"SELECT * {{ {{}} {_chain(5000, 'UNION {{ ?s ?p{i} ?o{i} }} ')} }}",
    "thousands of patterns": f"SELECT * {{ {_chain(5000, '?v{i} ?p{i} ?v{j} . ')} }}",
    "thousands of variables": f"SELECT {_chain(20_000, '?v{i} ')} {{ ?s ?p ?o }}",
    "thousands of filters": f"SELECT * {{ ?s ?p ?o {_chain(5000, 'FILTER(?o != {i}) ')} }}",
    "thousands of minus": f"SELECT * {{ ?s ?p ?o {_chain(2000, 'MINUS {{ ?s ?p{i} {i} }} ')} }}",
    "thousands of exists": f"SELECT * {{ ?s ?p ?o {_chain(2000, 'FILTER NOT EXISTS {{ ?s ?p{i} {i} }} ')} }}",
    "thousands of sub-selects": f"SELECT * {{ {_chain(2000, '{{ SELECT ?v{i} {{ ?v{i} ?p{i} {i} }} }} ')} }}",
    "huge VALUES": f"SELECT * {{ VALUES ?x {{ {_chain(100_000, '{i} ')} }} }}",
    "huge VALUES twice": f"SELECT * {{ VALUES ?x {{ {'1 ' * 60_000} }} VALUES ?x {{ {'1 ' * 60_000} }} }}",
    "closure of paths": "SELECT * { ?a (<http://e/knows>|^<http://e/knows>)* ?b . "
    "?b (<http://e/knows>/<http://e/knows>)+ ?c }",
    "nested closures": f"SELECT * {{ ?a {'(' * 30}<http://e/knows>{'*)+' * 30} ?b }}",
    "closure of a negation": "SELECT (COUNT(*) AS ?n) { ?a (!<http://e/none>)* ?b . ?c (!<http://e/none>)* ?d }",
    "exponential path": f"SELECT * {{ ?a ({'/'.join(['(<http://e/knows>|<http://e/name>)?'] * 40)}) ?b }}",
    "catastrophic expression": "SELECT * { ?s ?p ?o FILTER(REGEX(CONCAT("
    + ",".join(['"aaaaaaaaaa"'] * 50) + '), "^(a+)+$|(a|aa)+b|(.*a){20}")) }',
    "regular expression of great size": 'ASK { FILTER(REGEX("a", "((a{1,1000}){1,1000}){1,1000}")) }',
    "literal doubled fifty times": "SELECT (STRLEN(?a50) AS ?n) { BIND('0123456789' AS ?a0) "
    + _chain(50, "BIND(CONCAT(?a{i}, ?a{i}) AS ?a{j}) ") + "}",
    "literal doubled by REPLACE": "SELECT (STRLEN(?a40) AS ?n) { BIND('0123456789' AS ?a0) "
    + _chain(40, "BIND(REPLACE(?a{i}, '(.)', '$1$1') AS ?a{j}) ") + "}",
    "IRI doubled forty times": "SELECT * { BIND('http://e/0123456789' AS ?a0) "
    + _chain(40, "BIND(CONCAT(?a{i}, ?a{i}) AS ?a{j}) ") + "BIND(IRI(?a40) AS ?iri) }",
    "encoded again and again": "SELECT (STRLEN(?a40) AS ?n) { BIND('%%%%%%%%' AS ?a0) "
    + _chain(40, "BIND(ENCODE_FOR_URI(?a{i}) AS ?a{j}) ") + "}",
    "huge GROUP_CONCAT": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?b), STR(?c), STR(?d))) AS ?x) "
    "{ ?a ?b ?c . ?d ?e ?f }",
    "giant literal": f'SELECT ("{"a" * 1_000_000}" AS ?x) {{}}',
    "giant IRI": f"SELECT * {{ <http://e/{'a' * 1_000_000}> ?p ?o }}",
    "giant variable": f"SELECT * {{ ?{'a' * 1_000_000} ?p ?o }}",
    "giant number": f"SELECT ({'9' * 1_000_000} AS ?x) {{}}",
    "giant prefix": f"PREFIX {'a' * 500_000}: <http://e/> SELECT * {{ {'a' * 400_000}:b ?p ?o }}",
    "thousands of prefixes": _chain(20_000, "PREFIX p{i}: <http://e/{i}/> ") + "SELECT * { ?s p19999:a ?o }",
    "giant comment": "SELECT * { ?s ?p ?o } LIMIT 1 #" + "{" * 900_000,
    "powers": "SELECT (1e308*1e308*1e308 AS ?x) (" + "*".join(["999999999999999999"] * 50) + " AS ?y) {}",
    "OFFSET of great size": "SELECT * { ?s ?p ?o } OFFSET 18446744073709551615 LIMIT 18446744073709551615",
    "description of everything": f"DESCRIBE * {{ {_ANY} }}",
}  # fmt: skip

RUBBISH = {
    "null bytes": "SELECT * { ?s ?p \x00 }",
    "binary": "SELECT " + "".join(chr(code) for code in range(1, 256)) * 100,
    "high planes": "SELECT * { ?s ?p '" + "\U0010ffff" * 1000 + "\U000e0001' }",
    "right to left": "SELECT * { ?s ?p \u202e\u2066 }",
    "quotes": "SELECT * { ?s ?p " + "'\"" * 50_000,
    "backslashes": "SELECT * { ?s ?p '" + "\\" * 99_999 + "' }",
    "less than": "SELECT * { FILTER(1 " + "< 1 " * 50_000 + ") }",
    "semicolons": "SELECT * { ?s ?p ?o " + ";" * 200_000 + " }",
    "lines": "\n" * 900_000 + "SELECT",
}


def form_of(text: str) -> Form:
    """The form of one of these texts, also where a guard would refuse it."""
    found = [(text.find(form.value), form) for form in Form if form.value in text]
    return min(found)[1]
