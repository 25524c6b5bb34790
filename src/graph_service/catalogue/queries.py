"""Query files: SPARQL with a YAML header that says what it answers and which parameters it takes.

A file is valid SPARQL as it stands; its header stands behind `#+ `. Binding a parameter replaces the contents of its
own `VALUES ?name { UNDEF }` block by terms that the RDF library has serialised: no value can become syntax, and the
same text runs embedded and remote. The block of a parameter that is not given is left out: joined with it everything
stays as it is, but Virtuoso forgets values of the variable that are bound elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import pydantic
import yaml
from pydantic import BaseModel, ConfigDict, Field

from graph_service.catalogue.parameters import Parameter
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import Location, ParameterError, QueryFileError, QueryNotFound
from graph_service.rdf.lexer import TokenKind, significant, tokens
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Term

_HEADER = "#+"
# The base loader leaves every scalar a string: an example `2019-06-28` stays as it is written. That of libyaml takes
# a tenth of the time.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
Model = TypeVar("Model", bound=BaseModel)


class Header(BaseModel):
    """What a query file says of itself.

    Attributes:
        title, description: by language tag, `de` and `en`.
        tags: what it is about.
        params: by name of the SPARQL variable, in the order of the header.
        rank: place among the questions that readers ask most, from 1; others have the default.
        bars: columns whose numbers pages show with a bar.
        message: of a violation query: a sentence with `{variable}` placeholders, by language tag.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: dict[str, str]
    description: dict[str, str]
    tags: tuple[str, ...] = ()
    params: dict[str, Parameter] = Field(default_factory=dict)
    rank: int = 1000
    bars: tuple[str, ...] = ()
    message: dict[str, str] = Field(default_factory=dict)


class QueryFile:
    """One query file.

    Attributes:
        path: where it lies.
        text: the whole file, which is valid SPARQL.
        header: what it says of itself.

    Raises:
        QueryFileError: the header is wrong, or a parameter has no `VALUES` block.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8-sig")
        self.header = read_header(path, self.text, Header)
        # Found once: that takes half a millisecond, binding itself a tenth of that.
        self._blocks = _blocks(self.text) if self.header.params else {}
        for name in self.header.params:
            if name not in self._blocks:
                message = f"parameter {name} has no block of its own."
                raise QueryFileError(message, where=Location(path), hint=f"Add VALUES ?{name} {{ UNDEF }}.")

    @property
    def name(self) -> str:
        """The file's name without extension, which is the query's name everywhere."""
        return self.path.stem

    @property
    def examples(self) -> dict[str, list[str]]:
        """A call that works: an example for each parameter that is required."""
        return {name: [param.example] for name, param in self.header.params.items() if param.required}

    def bind(self, arguments: Mapping[str, Sequence[str]], names: Names) -> str:
        """The query with the arguments in its `VALUES` blocks, without the blocks of what is not given.

        Args:
            arguments: values by parameter name, as a user writes them.
            names: for CURIEs and relative IRIs.

        Raises:
            ParameterError: a parameter is missing, unknown, given too often or of the wrong type.
        """
        params = self.header.params
        for name in arguments:
            if name not in params:
                known = f"It takes {', '.join(params)}." if params else "It takes none."
                raise ParameterError(f"{self.name} has no parameter {name[:80]!r}.", hint=known)
        terms = {
            name: [param.term(name, value, names) for value in self._values(name, arguments.get(name, ()))]
            for name, param in params.items()
        }
        return _fill_blocks(self.text, self._blocks, terms)

    def _values(self, name: str, given: Sequence[str]) -> Sequence[str]:
        """The values of a parameter: those given, else its default, else none."""
        param = self.header.params[name]
        if param.required and not given:
            hint = f"For example: {name}={param.example}"
            raise ParameterError(f"{self.name} needs the parameter {name}.", hint=hint)
        if len(given) > 1 and not param.repeatable:
            raise ParameterError(f"{self.name} takes one {name}, {len(given)} were given.")
        return given or ([param.default] if param.default else [])


class Catalogue:
    """Query files by name: those of the directories themselves, not of their folders.

    Attributes:
        files: where they lie.
        words: what pages call the columns and some values of their answers, by language; from `words.yaml`.

    Raises:
        QueryFileError: the header of one of them is wrong.
    """

    def __init__(self, files: QueryFiles) -> None:
        self.files = files
        self.words = _words(files.words)
        self._queries = {path.stem: QueryFile(path) for path in files}

    def __iter__(self) -> Iterator[QueryFile]:
        return iter(self._queries.values())

    def __contains__(self, name: object) -> bool:
        return name in self._queries

    def __getitem__(self, name: str) -> QueryFile:
        """The query of this name.

        Raises:
            QueryNotFound: there is none.
        """
        if name not in self._queries:
            raise QueryNotFound(f"there is no query named {name[:80]!r}.", hint="graph-service query lists them all.")
        return self._queries[name]


class AnswerWords(BaseModel):
    """What pages call columns, by name of the variable, and values of answers, by themselves; texts by language tag."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[str, dict[str, str]] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)


def _words(paths: Sequence[Path]) -> AnswerWords:
    """The words of several files; those of the first go before those that follow.

    Raises:
        QueryFileError: a file is wrong.
    """
    columns: dict[str, dict[str, str]] = {}
    values: dict[str, dict[str, str]] = {}
    for path in reversed(paths):
        try:
            text = path.read_text(encoding="utf-8-sig")
            read = AnswerWords.model_validate(yaml.load(text, _LOADER))  # noqa: S506 - makes strings only
        except (yaml.YAMLError, pydantic.ValidationError) as error:
            raise QueryFileError(f"the words of answers are wrong: {error}.", where=Location(path)) from error
        columns |= read.columns
        values |= read.values
    return AnswerWords(columns=columns, values=values)


def read_header(path: Path, text: str, model: type[Model]) -> Model:
    """The header of a file as its model says.

    Args:
        path: of the file, for errors.
        text: the whole file.
        model: what a header of this kind of file holds.

    Raises:
        QueryFileError: the header is no YAML or breaks the model; the error names its line in the file.
    """
    # Lines without header become empty ones, so that YAML counts the lines of the file.
    lines = (line[len(_HEADER) :].removeprefix(" ") if line.startswith(_HEADER) else "" for line in text.splitlines())
    try:
        return model.model_validate(yaml.load("\n".join(lines).rstrip(), _LOADER))  # noqa: S506 - makes strings only
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise QueryFileError(f"the header is not YAML: {error.problem}.", where=Location(path, line)) from error
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "header"
        raise QueryFileError(f"the header is wrong at {where}: {first['msg']}.", where=Location(path)) from error


class _Block(NamedTuple):
    """Where a block `VALUES ?name { … }` begins, and where its contents begin and end."""

    start: int
    inner: int
    closing: int


def _blocks(text: str) -> dict[str, list[_Block]]:
    """The blocks `VALUES ?name { … }`, by variable name; a subquery that is to know a parameter has one of its own."""
    found: dict[str, list[_Block]] = {}
    stream = list(significant(tokens(text)))
    for values, variable, opening in zip(stream, stream[1:], stream[2:], strict=False):
        if values.keyword == "VALUES" and variable.kind is TokenKind.VAR and opening.text == "{":
            closing = next((token.start for token in stream if token.start > opening.start and token.text == "}"), -1)
            found.setdefault(variable.text[1:], []).append(_Block(values.start, opening.end, closing))
    return found


def _fill_blocks(text: str, blocks: Mapping[str, Sequence[_Block]], terms: Mapping[str, Sequence[Term]]) -> str:
    """Put terms into their blocks, or leave these out, the last block first, so that the offsets of the others stay."""
    for block, name in sorted(((block, one) for one in terms for block in blocks[one]), reverse=True):
        start, inner, closing = block
        filled = f"{text[start:inner]} {' '.join(terms[name])} }}" if terms[name] else ""
        text = text[:start] + filled + text[closing + 1 :]
    return text
