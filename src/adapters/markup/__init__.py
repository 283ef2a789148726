"""Messages as safe HTML, for no more work than a text of its length deserves."""
