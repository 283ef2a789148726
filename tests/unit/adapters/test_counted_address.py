"""By which address a request counts against limits."""

import pytest
from aiohttp.test_utils import make_mocked_request

from adapters.requests import counted_address


def counted(address: str) -> str:
    return counted_address(make_mocked_request("GET", "/").clone(remote=address))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:DB8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("unix", "unix"),
    ],
)
def test_of_ipv6_the_network_counts(address: str, expected: str) -> None:
    assert counted(address) == expected
