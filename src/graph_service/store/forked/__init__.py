"""The embedded store: a keeper, and workers that it forks for queries."""
