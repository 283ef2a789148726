"""The contracts of Besedka's ports as tests, for whoever writes an adapter: docs/contracts.md.

A module of one line, `from besedka_contracts.message_log import *`, beside a `conftest.py` that
has the fixture `backend`, holds a store to what `MessageLog` promises.
"""

import pytest

# What is imported, not collected, would say `assert False` and not why.
pytest.register_assert_rewrite(
    *(
        f"besedka_contracts.{name}"
        for name in (
            "membership_repository",
            "message_log",
            "message_log_changes",
            "message_search",
            "movable",
            "notifier",
            "presence_board",
            "rate_limits",
            "room_repository",
            "session_store",
            "star_repository",
            "store",
            "user_repository",
        )
    )
)
