"""Secrets of sessions: random, and stored only as what cannot be turned back into them."""

from hashlib import sha256


def digest(secret: str) -> str:
    """SHA-256 in hex. The secret has 256 random bits, so a slow hash would add nothing."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
