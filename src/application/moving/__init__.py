"""Moving everything from one store into another, and holding two stores against each other."""
