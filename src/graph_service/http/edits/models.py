"""What the operations of `/edit` answer."""

from __future__ import annotations

from pydantic import BaseModel, Field


class EditedFile(BaseModel):
    """A file that an edit changed, with the SHA-256 of its content; empty where there was or is none."""

    name: str
    before: str
    after: str


class Difference(BaseModel):
    """What a dry run would change in the data set, inferred statements included; the first 200 of each are shown."""

    added: int
    removed: int
    added_statements: list[str]
    removed_statements: list[str]


class Edit(BaseModel):
    """What came of an edit."""

    edit: str = Field(description="Its name, by which it is taken back; empty if nothing was changed.")
    iri: str | None = Field(None, description="Its IRI in the graph.")
    editor: str
    files: list[EditedFile]
    edition: str | None = Field(None, description="SHA-256 of the data set that is in use now.")
    report: list[str] = Field(description="What the import of a sheet or a draft has to say.")
    warnings: list[str] = Field(description="Findings of shapes that let data pass.")
    difference: Difference | None = Field(None, description="Of a dry run.")


class Tag(BaseModel):
    """What the ETag of a sheet or a draft is made from: all files that came of it."""

    sha256: str


class Finding(BaseModel):
    """One reason why an edit was refused; parts that are not known are left out."""

    text: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    subject: str | None = None
    shape: str | None = None
    message: str | None = None
    hint: str | None = None
