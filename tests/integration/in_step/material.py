"""What the deeds are made of. Names, keys and numbers are few, so that they meet; texts are such
as have been broken before."""

import unicodedata
from typing import Any

from hypothesis import strategies as st

from besedka_contracts.cast import a_user, an_id, at
from domain.ids import RoomId, UserId
from domain.message import Entry, Kind
from domain.names import RoomName
from domain.permissions import Role
from domain.room import Visibility, direct_key
from domain.search import Wanted, words_of
from domain.user import User

PEOPLE = ("alice", "bob", "josé", "їжак", "ALICE", "jose")
USERS: dict[str, User] = {name: a_user(name) for name in PEOPLE}
USER_IDS: list[UserId] = [user.id for user in USERS.values()]
FOLDED = sorted({user.username.folded for user in USERS.values()})

# The first have names, which are dealt out anew and again; the last are between two people.
NAMED = [RoomId(an_id(f"room {number}")) for number in range(3)]
DIRECT = [RoomId(an_id(f"direct {number}")) for number in range(2)]
ROOM_IDS = [*NAMED, *DIRECT]
NOWHERE = RoomId(an_id("room nowhere"))
ROOM_NAMES = ("garden", "Garden", "Беседка", "беседка", "z_1", "庭")
FOLDED_ROOM_NAMES = sorted({RoomName(name).folded for name in ROOM_NAMES})
DIRECT_KEYS = [direct_key(USER_IDS[:2]), direct_key(USER_IDS[2:4])]

KEYS = ("k", "K", "k%", "'k'", "k\\")
DEVICES = ("Firefox", "lynx", "👩‍💻", "'; --")

BIG = [2**31 - 1, 2**31, 2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1]
BEYOND = [2**63, 10**30]  # Nothing is there, and asking is no mistake.
HEADS = [0, 0, 0, 2**31 - 3, 2**39]

WORDS = ("red", "Red", "reddish", "tree", "ёлка", "елка", "їжак", "ЇЖАК", "café", "本", "שלום")
TEXTS = (
    "👩‍👩‍👧‍👦 red 🏳️‍🌈 ❤️ tree",
    unicodedata.normalize("NFC", "é ё й Å café"),
    unicodedata.normalize("NFD", "é ё й Å café"),
    "Її ґанок, об'єкт і Ёлка",
    "日本語を話す 庭の木",
    "שלום עולם \u200f(red)\u200f مرحبا",
    "'; DROP TABLE messages; -- \" \\ % _ $1 ? :red {} null $where",
    "a\nb\r\nc\td\u2028red\u2029e\u0085f",
    "\u200b\u202e\ufeff",
    "x" * 300 + " red",
    "я" * 65 + " " + "я" * 64,
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ﬁne \U0010fffd STRASSE straße Iİıi",
    f"{2**53 + 1} -0 1e5 2.50 0x1F",
    "@alice @їжак don't rock'n'roll snake_case",
    "AND OR NOT NEAR * red*",
)


def weighted(*choices: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """`one_of` would take a choice that is named twice for one."""
    often = [choice for weight, choice in choices for _ in range(weight)]

    @st.composite
    def chosen(draw: st.DrawFn) -> Any:
        return draw(often[draw(st.integers(0, len(often) - 1))])

    return chosen()


moments = st.integers(0, 40).map(lambda tenths: at(tenths / 10))
few_moments = st.integers(0, 5).map(at)
texts = weighted(
    (3, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)),
    (2, st.sampled_from(TEXTS)),
    (1, st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)),
)
lines = st.sampled_from(("", "tea", "Чай ☕️", "'q' \"\\ %_", "é", "e\u0301", "נושא"))
_KNOWN_WORDS = sorted({word for text in WORDS for word in words_of(text)})
words = weighted(
    (4, st.sampled_from(_KNOWN_WORDS)),
    (2, st.sampled_from(sorted({word for text in TEXTS for word in words_of(text)}))),
    (1, st.text(max_size=5).flatmap(lambda text: st.sampled_from(words_of(text) or ("red",)))),
)
beginnings = words.flatmap(lambda word: st.integers(1, len(word)).map(lambda length: word[:length]))

people = st.sampled_from([*list(USERS.values())[:3] * 3, *USERS.values()])
user_ids = st.sampled_from([*USER_IDS[:3] * 3, *USER_IDS])
some_user_ids = st.lists(user_ids, max_size=4).map(tuple)
room_ids = st.sampled_from([*NAMED[:2] * 3, *ROOM_IDS])  # Two are there from the beginning.
room_names = st.sampled_from(ROOM_NAMES).map(RoomName)
keys = st.sampled_from(KEYS)
roles = st.sampled_from(Role)
visibilities = st.sampled_from([Visibility.PUBLIC, Visibility.PRIVATE])
# How far behind the head of a room: most of what is asked for is there, or nearly.
behind = st.integers(-2, 12)
places = st.one_of(behind, st.sampled_from([*BIG, *BEYOND]).map(lambda seq: -seq))
seqs = weighted((3, st.integers(0, 9)), (1, st.sampled_from(BIG)))
limits = st.sampled_from([1, 2, 3, 50])


@st.composite
def wanted(draw: st.DrawFn) -> Wanted:
    """Mostly one thing, so that there are hits; now and then all at once."""
    much = draw(st.integers(0, 4)) == 4
    which = draw(st.sampled_from(["word", "beginning", "author"]))
    return Wanted(
        words=draw(_set_of(words, which == "word", much=much)),
        beginnings=draw(_set_of(beginnings, which == "beginning", much=much)),
        without=draw(_set_of(words, much, much=False)),
        author_id=draw(user_ids) if which == "author" or much else None,
        since=draw(st.none() | moments) if much else None,
        until=draw(st.none() | moments) if much else None,
    )


def _set_of(
    strategy: st.SearchStrategy[str], some: bool, *, much: bool
) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(strategy, min_size=int(some), max_size=int(some) + int(much))


_SERVICE = [kind for kind in Kind if kind not in {Kind.POSTED, Kind.EDITED, Kind.CLEARED}]


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Mostly posts. Their people may be anybody; who has no account is left out by the deed."""
    author = draw(weighted((5, people), (1, st.none())))
    person = author and author.person
    if draw(st.integers(0, 4)) < 4:
        return Entry(
            kind=Kind.POSTED,
            author=person,
            text=draw(texts),
            key=draw(weighted((3, st.none()), (1, keys))),
            reply_to=draw(st.none() | st.sampled_from([1, *BIG])),
            mentions=draw(some_user_ids),
        )
    return Entry(
        kind=draw(st.sampled_from(_SERVICE)),
        author=person,
        subject=draw(st.none() | people.map(lambda user: user.person)),
        text=draw(lines),
        target=draw(st.none() | st.sampled_from([1, *BIG])),
    )
