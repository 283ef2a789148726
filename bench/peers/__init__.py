"""Peers, small and honest: what one would write first."""
