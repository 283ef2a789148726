"""`besedka user`: accounts, for whoever runs the server."""
