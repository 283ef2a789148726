"""One file, one class, one call for each thing that can be done. The actor comes first."""
