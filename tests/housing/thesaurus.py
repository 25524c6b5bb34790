"""A thesaurus in SKOS with the shape of large ones; nothing in it is real."""

from __future__ import annotations

import random
from collections.abc import Iterator

BASE = "https://thesaurus.example/"
# The concept that half of those below the top stand below.
WIDE = 2
_LANGUAGES = ("en", "de", "fr", "es", "ar", "pt-BR")
_SYLLABLES = ("ka", "lo", "mi", "ten", "ra", "bor", "si", "vel", "no", "du", "gra", "fi")
_TOPS = 150


def lines(concepts: int, *, seed: int = 7) -> Iterator[str]:
    """A Turtle file of so many concepts, the same for the same seed."""
    chance = random.Random(seed)

    def word() -> str:
        return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))

    yield "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
    yield f'<{BASE}> a skos:ConceptScheme ; skos:prefLabel "A thesaurus"@en , "Ein Thesaurus"@de .'
    for number in range(concepts):
        said = ["a skos:Concept", f"skos:inScheme <{BASE}>", f'skos:notation "{number}"']
        said += [f'skos:prefLabel "{word()} {word()} {number}"@{language}' for language in _LANGUAGES]
        said += [f'skos:altLabel "{word()} {number}"@{chance.choice(_LANGUAGES)}' for _ in range(chance.randint(0, 3))]
        if chance.random() < 0.3:
            said.append(f'skos:definition "{" ".join(word() for _ in range(15))}"@en')
        if number >= _TOPS:
            near = chance.randrange(max(0, number // 8 - 3), number // 8 + 1)
            said.append(f"skos:broader <{BASE}c/{WIDE if number % 2 else near}>")
        if chance.random() < 0.4:
            said.append(f"skos:related <{BASE}c/{chance.randrange(concepts)}>")
        if chance.random() < 0.3:
            said.append(f"skos:exactMatch <http://other.example/{number}>")
        yield f"<{BASE}c/{number}> {' ; '.join(said)} ."
