"""Faults to survive, and how survival is shown: besedka processes that are killed, stopped and cut
off while people talk, everything that the people saw, and a checker that judges it afterwards, in
the manner of Jepsen. `make faults` runs all of it; docs/faults.md says what it means."""
