"""The table of who may do what, written out a second time: a change to it must be meant."""

import pytest

from domain.permissions import Permission, Role, may

GOLDEN = """
               member  moderator  owner  direct
read           yes     yes        yes    yes
post           yes     yes        yes    yes
leave          yes     yes        yes    no
invite         yes     yes        yes    no
set_topic      no      yes        yes    no
remove_member  no      yes        yes    no
delete_any     no      yes        yes    no
clear          no      no         yes    no
change_role    no      no         yes    no
rename         no      no         yes    no
archive        no      no         yes    no
"""

ROWS = [line.split() for line in GOLDEN.strip().splitlines()[1:]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_role_has_exactly_these_permissions(row: list[str]) -> None:
    permission = Permission(row[0])

    allowed = [may(role, permission) for role in (Role.MEMBER, Role.MODERATOR, Role.OWNER)]
    direct = {may(role, permission, direct=True) for role in Role}

    assert allowed == [answer == "yes" for answer in row[1:4]]
    assert direct == {row[4] == "yes"}


def test_the_table_is_complete() -> None:
    assert [row[0] for row in ROWS] == list(Permission)


def test_the_ladder_ends_at_both_ends() -> None:
    assert [role.above() for role in Role] == [Role.MODERATOR, Role.OWNER, Role.OWNER]
    assert [role.below() for role in Role] == [Role.MEMBER, Role.MEMBER, Role.MODERATOR]
    assert [role.rank for role in Role] == [0, 1, 2]
