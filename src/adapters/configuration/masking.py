"""Passwords and tokens stay out of what is printed."""

import re

# Settings that are a secret from end to end.
SECRETS = frozenset({"metrics.token"})

# To the last @ before the path: an unescaped one in a password must not show what follows it.
_USER_INFO = re.compile(r"(?<=://)([^/?#\s:]*):[^/?#\s]*(?=@)")
# Bounded, as strangers choose what is matched here: the path of a request is logged.
_PARAMETER = re.compile(
    r"(?<=[?&])([\w.-]{0,30}(?:password|secret|token|key)[\w.-]{0,30})=[^&#\s]*", re.IGNORECASE
)


def masked(text: str) -> str:
    """The text with `***` for the password of each URL in it."""
    return _PARAMETER.sub(r"\1=***", _USER_INFO.sub(r"\1:***", text))
