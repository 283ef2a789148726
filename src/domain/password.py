"""What a password must be (OWASP Authentication cheat sheet): long, and not a common one."""

import unicodedata

from domain.errors import InvalidField

SHORTEST, LONGEST = 8, 128

# The head of every list of leaked passwords, as far as it is 8 characters or longer.
_LIST = """
password password1 password12 password123 passw0rd p@ssw0rd p@ssword 12345678 123456789
1234567890 0123456789 87654321 987654321 11111111 00000000 88888888 12341234 11223344 12121212
123123123 147258369 789456123 123321123 123qweasd 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qwertyui
qwertyuiop qwerty12 qwerty123 qwerty1234 asdfghjk asdfghjkl zxcvbnm1 zaq12wsx iloveyou
iloveyou1 sunshine princess football baseball superman welcome1 welcome123 trustno1 whatever
starwars computer michelle jennifer letmein1 letmein123 changeme changeit administrator
admin123 admin1234 administrator1 internet samsung1 abcd1234 abc12345 a1b2c3d4 aa123456
qazwsxedc q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 йцукенгш йцукен123 пароль123 любовь123 привет123
"""
_COMMON = frozenset(_LIST.split())


def checked_password(raw: str, *, username: str = "") -> str:
    """The password in the form that is hashed. 8 to 128 characters; lengths are checked first."""
    if len(raw) < SHORTEST:
        raise InvalidField(
            "password", f"must have at least {SHORTEST} characters", code="password_too_short"
        )
    if len(raw) > LONGEST:
        raise InvalidField(
            "password", f"is longer than {LONGEST} characters", code="password_too_long"
        )
    password = normal_password(raw)
    lowered = password.casefold()
    if lowered in _COMMON or lowered == username.casefold() or len(set(lowered)) == 1:
        raise InvalidField("password", "is too easy to guess", code="password_too_common")
    return password


def normal_password(raw: str) -> str:
    """One form whatever the keyboard sent. Raises `InvalidField` where UTF-8 cannot carry it."""
    try:
        raw.encode()
    except UnicodeEncodeError:
        raise InvalidField("password", "must not contain lone surrogates") from None
    return unicodedata.normalize("NFKC", raw)
