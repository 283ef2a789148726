"""The chat over HTTP: pages for people without a session or a script, JSON for programs."""
