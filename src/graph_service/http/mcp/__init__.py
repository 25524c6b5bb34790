"""The Model Context Protocol at `/mcp`: nine tools with which assistants ask the API."""
