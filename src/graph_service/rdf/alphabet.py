"""Alphabetical order by DIN 5007-1: letters with marks stand with those without, ß with ss, capitals with small ones.

SPARQL orders texts by code point (SPARQL 1.1 Query, section 15.1), which puts Ä behind Z.
"""

from __future__ import annotations

# Letters with the ones in whose place they stand. Each costs a microsecond a row of a list.
_LETTERS = {
    **dict.fromkeys("äàáâå", "a"),
    "ç": "c",
    **dict.fromkeys("éèêë", "e"),
    **dict.fromkeys("íî", "i"),
    "ñ": "n",
    **dict.fromkeys("öóôø", "o"),
    **dict.fromkeys("şš", "s"),
    "ß": "ss",
    **dict.fromkeys("üúû", "u"),
}
_PLAIN = str.maketrans(_LETTERS)


def sort_key(text: str) -> str:
    """What a text is sorted by."""
    return text.lower().translate(_PLAIN)


def sort_pattern(text: str, key: str) -> str:
    """The same in SPARQL: a pattern that binds a variable.

    Args:
        text: an expression, a simple literal.
        key: name of the variable, which is unbound where the text is.
    """
    steps = [f"BIND(LCASE({text}) AS ?{key}_0)"]
    # One letter each: Virtuoso takes neither a class nor a choice of letters that are not ASCII. Not one in another:
    # Oxigraph takes twice as long for each level of nesting.
    for step, (marked, plain) in enumerate(_LETTERS.items()):
        steps.append(f'BIND(REPLACE(?{key}_{step}, "{marked}", "{plain}") AS ?{key}_{step + 1})')
    # STR is for Virtuoso, which neither sorts nor compares rightly what its LCASE and REPLACE make.
    return " ".join((*steps, f"BIND(STR(?{key}_{len(_LETTERS)}) AS ?{key})"))
