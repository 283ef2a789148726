"""Any sequence of anything has the same answers on every store, and leaves the same behind.

Which stores: those of the contract suites. More of it than the ordinary run has time for, and a
shorter sequence where one fails:

    IN_STEP_EXAMPLES=500 pytest tests/integration/in_step -o faulthandler_timeout=0
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from adapters.persistence.memory import message_log as memory
from adapters.persistence.mongo import unread as mongo
from adapters.persistence.sql import unread as sql
from tests.integration.in_step.deeds import (
    ACCOUNTS,
    ALL_MEMBERS,
    ALL_MESSAGES,
    ALL_ROOMS,
    ALL_SESSIONS,
    ALL_STARS,
    ALL_USERS,
    BEGINNING,
    EVERYTHING,
    LOOKS,
    MEMBERS,
    MISTAKES,
    ROOMS,
    SESSIONS,
    STARS,
    TALK,
)
from tests.integration.in_step.stores import AllStores, Deed

ASKED = os.environ.get("IN_STEP_EXAMPLES")


def several(deeds: st.SearchStrategy[Deed]) -> st.SearchStrategy[list[Deed]]:
    return st.lists(deeds, min_size=3, max_size=8)


class StoresInStep(RuleBasedStateMachine):
    """A rule for each part, because runs that do much of one thing find more than runs that do a
    little of everything."""

    def __init__(self) -> None:
        super().__init__()
        self.stores = AllStores()

    @initialize()
    def begin(self) -> None:
        self.stores.unit(BEGINNING, fails=False)

    def teardown(self) -> None:
        self.stores.close()

    @rule(deeds=several(TALK), looks=several(LOOKS))
    def talk(self, deeds: list[Deed], looks: list[Deed]) -> None:
        self.stores.unit(deeds, fails=False)
        self.stores.view([ALL_MESSAGES, *looks])

    @rule(deeds=several(TALK | LOOKS))
    def look_while_talking(self, deeds: list[Deed]) -> None:
        self.stores.unit(deeds, fails=False)

    @rule(deeds=several(STARS | STARS | TALK))
    def keep_messages(self, deeds: list[Deed]) -> None:
        self.stores.unit(deeds, fails=False)
        self.stores.view([ALL_STARS])

    @rule(deeds=several(ROOMS | MEMBERS))
    def keep_rooms(self, deeds: list[Deed]) -> None:
        self.stores.unit(deeds, fails=False)
        self.stores.view([ALL_ROOMS, ALL_MEMBERS])

    @rule(deeds=several(ACCOUNTS))
    def keep_accounts(self, deeds: list[Deed]) -> None:
        self.stores.unit(deeds, fails=False)
        self.stores.view([ALL_USERS])

    @rule(deeds=several(ACCOUNTS | ROOMS | MEMBERS | TALK | STARS | LOOKS))
    def fail_half_way(self, deeds: list[Deed]) -> None:
        before = self.stores.view(EVERYTHING)
        self.stores.unit(deeds, fails=True)
        assert self.stores.view(EVERYTHING) == before

    @rule(deeds=several(SESSIONS), look=ALL_SESSIONS)
    def sign_in_and_out(self, deeds: list[Deed], look: Deed) -> None:
        for deed in (*deeds, look):
            self.stores.sessions(deed)

    @rule(mistake=st.sampled_from(MISTAKES))
    def make_a_mistake(self, mistake: Deed) -> None:
        self.stores.mistake(mistake)
        self.stores.view([ALL_ROOMS, ALL_MESSAGES])


SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    max_examples=int(ASKED or 8),
    stateful_step_count=20,
    # Shrinking opens every store again some hundred times.
    phases=[Phase.generate, *([Phase.shrink] if ASKED else [])],
    suppress_health_check=list(HealthCheck),
)


def test_stores_answer_alike_whatever_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    count_no_further_than(3, monkeypatch)

    run_state_machine_as_test(StoresInStep, settings=SETTINGS)


def count_no_further_than(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody says a thousand things here."""
    monkeypatch.setattr(memory, "MOST_UNREAD", most)
    monkeypatch.setattr(mongo, "MOST_UNREAD", most)
    monkeypatch.setattr(sql, "COUNT", sql.counting(most))
