"""Python's collector of cycles, set for a process that keeps much and drops little of it in cycles.

As it comes, it looks for them whenever there are 700 objects more, and again and again through
all that there is: when thousands of sockets came in, a quarter of the time went into that. What a
socket leaves behind in cycles is given back a little later, when some hundreds have gone.
"""

import gc

YOUNG = 20_000  # Objects more than at the last look at the new ones.
LOOKS_BEFORE_OLDER = 5
LOOKS_BEFORE_ALL = 10


def collect_seldom() -> None:
    """From now on; what is there already stays, and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, LOOKS_BEFORE_OLDER, LOOKS_BEFORE_ALL)
