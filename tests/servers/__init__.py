"""Real databases for the tests: one server of each kind for a whole run, on a free port of the
loopback, with a directory that is deleted with it; one database in it for each test."""
