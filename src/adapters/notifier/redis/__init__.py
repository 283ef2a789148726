"""Events between nodes, by Redis pub/sub."""
