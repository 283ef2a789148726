"""Numbers for Prometheus: ports and gateways are watched from outside, and the core knows nothing
of it. docs/operations.md explains each number."""
