"""Time, chance and password hashing: as the machine has them, and as tests need them."""
