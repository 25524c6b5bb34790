"""Formats of the API, besides the serialisations of SPARQL."""

from __future__ import annotations

from graph_service.rdf.formats import CSV_EXCEL as CSV_EXCEL
from graph_service.rdf.formats import XLSX as XLSX
from graph_service.rdf.formats import Format

JSON = Format("json", "application/json", "json")
# Rows of a query as plain JSON; there `json` is the SPARQL format, which other clients expect.
ROWS = Format("rows", "application/json", "rows.json")
CSV = Format("csv", "text/csv", "csv")
NDJSON = Format("ndjson", "application/x-ndjson", "ndjson", ("application/jsonl", "application/x-jsonlines"))
PARQUET = Format("parquet", "application/vnd.apache.parquet", "parquet")
ARROW = Format("arrow", "application/vnd.apache.arrow.stream", "arrow")
SPARQL = Format("sparql", "application/sparql-query", "rq")
TEXT = Format("text", "text/plain", "txt")
MARKDOWN = Format("md", "text/markdown", "md")
DOCX = Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")

TABLES = (CSV, CSV_EXCEL, XLSX, NDJSON, PARQUET, ARROW)
