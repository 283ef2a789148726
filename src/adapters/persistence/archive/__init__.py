"""A store in one file, to keep or to carry: a manifest, everything as JSON lines, an end."""
