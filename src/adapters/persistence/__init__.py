"""Stores: each package keeps the promises of the ports with another technology."""
