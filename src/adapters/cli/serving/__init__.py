"""How `besedka serve` runs: alone, or as workers under one parent; and how it is told to stop."""
