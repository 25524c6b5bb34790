"""The server: connections, logs, the outermost layer."""
