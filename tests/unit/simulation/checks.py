"""The invariants that the history of one room can show, as a list of what broke."""

from collections import Counter
from itertools import pairwise

from tests.unit.simulation.world import History


def violations(history: History) -> list[str]:
    return [
        *_acknowledged_is_stored(history),
        *_exactly_once(history),
        *_no_reader_jumps(history),
        *_one_order(history),
        *_later_is_after(history),
    ]


def _acknowledged_is_stored(history: History) -> list[str]:
    stored = {message.seq: message.text for message in history.log}
    return [
        f"I1: {text} was acknowledged as {seq}, which is {stored.get(seq)}"
        for text, (_, seq) in history.acknowledged.items()
        if stored.get(seq) != text
    ]


def _exactly_once(history: History) -> list[str]:
    seen = {"the log": history.log} | {
        f"reader {number}": reader.applied for number, reader in enumerate(history.readers)
    }
    return [
        f"I2: {text} is {count} times in {where}"
        for where, messages in seen.items()
        for text, count in Counter(message.text for message in messages if message.text).items()
        if count > 1
    ]


def _no_reader_jumps(history: History) -> list[str]:
    return [
        f"I3: reader {number} jumped from {before} to {after}"
        for number, reader in enumerate(history.readers)
        for before, after in pairwise([2, *(message.seq for message in reader.applied)])
        if after != before + 1
    ]


def _one_order(history: History) -> list[str]:
    stored = {message.seq: message.text for message in history.log}
    wrong = [
        f"I4: reader {number} saw {message.text} as {message.seq}"
        for number, reader in enumerate(history.readers)
        for message in reader.applied
        if stored.get(message.seq) != message.text
    ]
    gaps = [
        f"I4: the log jumps from {before.seq} to {after.seq}"
        for before, after in pairwise(history.log)
        if after.seq != before.seq + 1
    ]
    return wrong + gaps


def _later_is_after(history: History) -> list[str]:
    return [
        f"I5: {later} was invoked after {earlier} was acknowledged, and is before it"
        for earlier, (step, seq) in history.acknowledged.items()
        for later, (_, other) in history.acknowledged.items()
        if history.invoked[later] > step and other <= seq
    ]
