"""Judges a recorded history by the logs that the store has in the end. Pure: no clock, no I/O."""

from tests.faults.history import History, Logs
from tests.faults.invariants import healing, members, people, posts, readers

INVARIANTS = {
    "I1": (posts.acknowledged_is_stored, posts.refused_is_not_stored),
    "I2": (posts.each_key_once, readers.nothing_applied_twice),
    "I3": (readers.no_jump_without_a_reset,),
    "I4": (posts.logs_have_no_gap, readers.one_order),
    "I5": (posts.later_is_after,),
    "I6": (posts.authors_find_their_posts,),
    "I7": (members.nothing_reaches_others,),
    "I8": (people.dots_are_true,),
    "I9": (people.read_never_goes_back, people.unread_is_what_it_says),
    "I11": (healing.all_readers_converge, healing.no_trouble_without_a_fault),
}


def violations(history: History, logs: Logs) -> list[str]:
    """One line for each thing that should not have been, begun with the invariant it breaks."""
    return [
        f"{invariant}: {line}"
        for invariant, checks in INVARIANTS.items()
        for check in checks
        for line in check(history, logs)
    ]
