"""What several nodes share beside the store, and may lose: presence, limits, and by choice the
sessions of browsers."""
