"""What the core needs from the world. The docstrings are the contracts; adapters subclass them."""
