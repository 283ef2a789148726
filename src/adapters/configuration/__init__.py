"""What an operator may set. Only `bootstrap` and the command line read it; every other adapter is
handed the values it needs."""
