"""The `besedka` command."""
