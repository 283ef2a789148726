"""How the world reaches the core and the core the world. Siblings do not know each other."""
