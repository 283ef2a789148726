"""What a node has to do with Redis, whatever it is asked for: one link, its health, its keys."""
