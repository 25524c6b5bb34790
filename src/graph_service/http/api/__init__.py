"""The API below `/api`: operations of FastAPI, most of them made from query files."""
