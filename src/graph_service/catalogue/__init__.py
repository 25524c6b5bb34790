"""The catalogue: query files with their parameters, and the resources of the API."""
