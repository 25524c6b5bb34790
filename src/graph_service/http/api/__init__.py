"""The query API below `/api`: plain ASGI like `/sparql`, because the framework alone costs more than a cached answer."""
