"""The service as HTTP sees it: one module per web concept, plain ASGI where speed counts, FastAPI for the rest."""
