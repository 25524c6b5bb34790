"""The query API below `/api`: plain ASGI like `/sparql`, since the framework alone costs more than a cached answer."""
