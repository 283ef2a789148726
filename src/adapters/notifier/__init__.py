"""How gateways learn what happened: within one process, or between nodes."""
