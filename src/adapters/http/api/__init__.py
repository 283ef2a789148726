"""JSON under /api/v1, one class for each thing it is about."""
