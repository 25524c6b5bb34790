"""The HTTP service: FastAPI for routes, plain ASGI where speed matters."""
