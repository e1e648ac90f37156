"""What callers get wrong, as tables: the value, and the code it is answered with.

A code of WRONG_TYPE means that GraphQL itself refuses the value before anything runs.
"""

from dataclasses import dataclass
from typing import Any, Literal

WRONG_TYPE = "WRONG_TYPE"

Kind = Literal["org", "user", "token"]


@dataclass(frozen=True)
class Bad:
    """A value, what is wrong with it, and how it is answered."""

    what: str
    value: Any
    code: str
    below: str = ""
    """Where inside the value the problem is, as the error names it: ``[3]``."""
    says: str = ""
    """What the message has to hold."""

    def __str__(self) -> str:
        return self.what


NAMES = [
    Bad("a token pasted", "%full", "NOT_ALLOWED", says="access token"),
    Bad("empty", "", "TOO_SHORT"),
    Bad("white space only", " \t\u00a0\u2003 ", "TOO_SHORT"),
    Bad("invisible characters only", "\u200b\u2060\ufeff", "TOO_SHORT"),
    Bad("256 characters", "x" * 256, "TOO_LONG", says="255"),
    Bad("256 emoji", "\U0001f680" * 256, "TOO_LONG"),
    Bad("30000 characters", "x" * 30000, "TOO_LONG"),
    Bad("few characters that stand for many", "\ufdfa" * 255, "TOO_LONG"),
    Bad("30000 accents", "a" + "\u0315" * 15000 + "\u0300" * 15000, "TOO_LONG"),
    Bad("NUL", "a\0b", "INVALID_CHARACTER"),
    Bad("NUL alone", "\0", "INVALID_CHARACTER"),
    Bad("line break", "a\nb", "INVALID_CHARACTER"),
    Bad("tab", "a\tb", "INVALID_CHARACTER"),
    Bad("escape", "a\x1b[31mb", "INVALID_CHARACTER"),
    Bad("delete", "a\x7fb", "INVALID_CHARACTER"),
    Bad("C1 control", "a\x9bb", "INVALID_CHARACTER"),
    Bad("line separator", "a\u2028b", "INVALID_CHARACTER"),
    Bad("paragraph separator", "a\u2029b", "INVALID_CHARACTER"),
    Bad("right-to-left override", "a\u202eb", "INVALID_CHARACTER"),
    Bad("left-to-right embedding", "a\u202ab", "INVALID_CHARACTER"),
    Bad("bidirectional isolate", "a\u2066b", "INVALID_CHARACTER"),
    Bad("a number", 7, WRONG_TYPE),
    Bad("a truth value", True, WRONG_TYPE),
    Bad("a list", ["ci"], WRONG_TYPE),
    Bad("an object", {"name": "ci"}, WRONG_TYPE),
]

DESCRIPTIONS = [
    Bad("a token pasted", "%full", "NOT_ALLOWED", says="access token"),
    Bad("1001 characters", "x" * 1001, "TOO_LONG", says="1000"),
    Bad("30000 characters", "x" * 30000, "TOO_LONG"),
    Bad("NUL", "a\0b", "INVALID_CHARACTER"),
    Bad("escape", "a\x1bb", "INVALID_CHARACTER"),
    Bad("carriage return", "a\rb", "INVALID_CHARACTER"),
    Bad("C1 control", "a\x85b", "INVALID_CHARACTER"),
    Bad("right-to-left override", "a\u202eb", "INVALID_CHARACTER"),
    Bad("line separator", "a\u2028b", "INVALID_CHARACTER"),
    Bad("30000 accents", "a" + "\u0315" * 15000 + "\u0300" * 15000, "TOO_LONG"),
    Bad("a number", 7, WRONG_TYPE),
    Bad("a truth value", False, WRONG_TYPE),
    Bad("a list", ["x"], WRONG_TYPE),
]

STATES = [
    Bad("null", None, "REQUIRED"),
    Bad("DELETED", "DELETED", "NOT_ALLOWED", says="deleteApplicationUser"),
    Bad("lower case", "active", WRONG_TYPE),
    Bad("unknown", "ASLEEP", WRONG_TYPE),
    Bad("empty", "", WRONG_TYPE),
    Bad("a number", 0, WRONG_TYPE),
    Bad("a list", ["ACTIVE"], WRONG_TYPE),
]

AGES = [
    Bad("599", 599, "OUT_OF_RANGE", says="600"),
    Bad("315360001", 315360001, "OUT_OF_RANGE", says="315360000"),
    Bad("zero", 0, "OUT_OF_RANGE"),
    Bad("negative", -600, "OUT_OF_RANGE"),
    Bad("2147483647", 2147483647, "OUT_OF_RANGE"),
    Bad("-2147483648", -2147483648, "OUT_OF_RANGE"),
    Bad("2147483648", 2147483648, WRONG_TYPE),
    Bad("-2147483649", -2147483649, WRONG_TYPE),
    Bad("9007199254740993", 9007199254740993, WRONG_TYPE),
    Bad("a fraction", 600.5, WRONG_TYPE),
    Bad("text", "600", WRONG_TYPE),
    Bad("a truth value", True, WRONG_TYPE),
    Bad("a list", [600], WRONG_TYPE),
]

EXTENSIONS = [
    Bad("text", "true", WRONG_TYPE),
    Bad("a number", 1, WRONG_TYPE),
    Bad("null", None, WRONG_TYPE),
    Bad("a list", [True], WRONG_TYPE),
]

NETWORKS = [
    Bad("no network", [], "TOO_SHORT", says="leave it out"),
    Bad("101 networks", [f"10.{n}.0.0/16" for n in range(101)], "TOO_LONG", says="100"),
    Bad("empty text", [""], "INVALID_NETWORK", "[0]"),
    Bad("a name", ["10.0.0.0/8", "example.com"], "INVALID_NETWORK", "[1]"),
    Bad("white space", [" 10.0.0.0/8"], "INVALID_NETWORK", "[0]"),
    Bad("line break behind", ["10.0.0.0/8\n"], "INVALID_NETWORK", "[0]"),
    Bad("NUL", ["10.0.0.0/8\0"], "INVALID_NETWORK", "[0]"),
    Bad("33 bits", ["10.0.0.0/33"], "INVALID_NETWORK", "[0]"),
    Bad("129 bits", ["2001:db8::/129"], "INVALID_NETWORK", "[0]"),
    Bad("-1 bits", ["10.0.0.0/-1"], "INVALID_NETWORK", "[0]"),
    Bad("300 in an address", ["10.0.0.300"], "INVALID_NETWORK", "[0]"),
    Bad("leading zeros", ["010.0.0.1"], "INVALID_NETWORK", "[0]"),
    Bad("three parts", ["10.0.0"], "INVALID_NETWORK", "[0]"),
    Bad("a number as text", ["167772160"], "INVALID_NETWORK", "[0]"),
    Bad("an interface", ["fe80::1%eth0"], "INVALID_NETWORK", "[0]"),
    Bad("Arabic digits", ["\u0661\u0660.0.0.1"], "INVALID_NETWORK", "[0]"),
    Bad("two networks in one", ["10.0.0.0/8,11.0.0.0/8"], "INVALID_NETWORK", "[0]"),
    Bad("30000 characters", ["1" * 30000], "INVALID_NETWORK", "[0]"),
    Bad(
        "host bits",
        ["10.0.0.0/8", "192.0.2.7/24"],
        "INVALID_NETWORK",
        "[1]",
        says="192.0.2.7/24 has host bits set; the network is 192.0.2.0/24",
    ),
    Bad(
        "host bits of IPv6",
        ["2001:db8::1/32"],
        "INVALID_NETWORK",
        "[0]",
        says="2001:db8::1/32 has host bits set; the network is 2001:db8::/32",
    ),
    Bad(
        "an IPv4 network in IPv6",
        ["::ffff:192.0.2.0/120"],
        "INVALID_NETWORK",
        "[0]",
        says="192.0.2.0/24",
    ),
    Bad("an IPv4 address in IPv6", ["::ffff:192.0.2.7"], "INVALID_NETWORK", "[0]", "192.0.2.7/32"),
    Bad("twice", ["10.0.0.0/8", "::1", "10.0.0.0/8"], "DUPLICATE_VALUE", "[2]"),
    Bad("twice in other words", ["2001:db8::/32", "2001:DB8:0::/32"], "DUPLICATE_VALUE", "[1]"),
    Bad("an address and its network", ["::1", "::1/128"], "DUPLICATE_VALUE", "[1]"),
    Bad("null inside", [None], WRONG_TYPE),
    Bad("a number inside", [167772160], WRONG_TYPE),
    Bad("a list inside", [["10.0.0.0/8"]], WRONG_TYPE),
    Bad("a number", 10, WRONG_TYPE),
    Bad("an object", {"0": "10.0.0.0/8"}, WRONG_TYPE),
]

SCOPES = [
    Bad("no scope", [], "TOO_SHORT", says="leave it out"),
    Bad("101 scopes", ["user:read"] * 101, "TOO_LONG", says="100"),
    Bad("unknown resource", ["user:read", "kafka:read"], "UNKNOWN_VALUE", "[1]"),
    Bad("unknown verb", ["user:admin"], "UNKNOWN_VALUE", "[0]"),
    Bad("upper case", ["USER:READ"], "UNKNOWN_VALUE", "[0]"),
    Bad("resource alone", ["user"], "UNKNOWN_VALUE", "[0]"),
    Bad("star", ["*"], "UNKNOWN_VALUE", "[0]"),
    Bad("star for a verb", ["user:*"], "UNKNOWN_VALUE", "[0]"),
    Bad("white space", ["user:read "], "UNKNOWN_VALUE", "[0]"),
    Bad("empty text", [""], "UNKNOWN_VALUE", "[0]"),
    Bad("NUL", ["user:read\0"], "UNKNOWN_VALUE", "[0]"),
    Bad("two in one", ["user:read projects:read"], "UNKNOWN_VALUE", "[0]"),
    Bad("30000 characters", ["x" * 30000], "UNKNOWN_VALUE", "[0]"),
    Bad("twice", ["user:read", "user:write", "user:read"], "DUPLICATE_VALUE", "[2]"),
    Bad("null inside", [None], WRONG_TYPE),
    Bad("a number inside", [1], WRONG_TYPE),
    Bad("a number", 1, WRONG_TYPE),
]

KEYS = [
    Bad("a token pasted", "%full", "NOT_ALLOWED", says="access token"),
    Bad("empty", "", "TOO_SHORT"),
    Bad("256 characters", "k" * 256, "TOO_LONG", says="255"),
    Bad("NUL", "a\0b", "INVALID_CHARACTER"),
    Bad("line break", "a\nb", "INVALID_CHARACTER"),
    Bad("tab", "a\tb", "INVALID_CHARACTER"),
    Bad("delete", "a\x7fb", "INVALID_CHARACTER"),
    Bad("not ASCII", "schl\u00fcssel", "INVALID_CHARACTER"),
    Bad("right-to-left override", "a\u202eb", "INVALID_CHARACTER"),
    Bad("a number", 7, WRONG_TYPE),
    Bad("a list", ["k"], WRONG_TYPE),
]

FIRSTS = [
    Bad("zero", 0, "OUT_OF_RANGE", says="1 to 100"),
    Bad("negative", -1, "OUT_OF_RANGE"),
    Bad("101", 101, "OUT_OF_RANGE"),
    Bad("2147483647", 2147483647, "OUT_OF_RANGE"),
    Bad("-2147483648", -2147483648, "OUT_OF_RANGE"),
    Bad("2147483648", 2147483648, WRONG_TYPE),
    Bad("a fraction", 1.5, WRONG_TYPE),
    Bad("text", "10", WRONG_TYPE),
    Bad("a truth value", True, WRONG_TYPE),
]

SEARCHES = [
    Bad("256 characters", "x" * 256, "TOO_LONG"),
    Bad("NUL", "a\0b", "INVALID_CHARACTER"),
    Bad("escape", "\x1b", "INVALID_CHARACTER"),
    Bad("a number", 7, WRONG_TYPE),
]

TIMES = [
    Bad("a word", "yesterday", WRONG_TYPE, says="RFC 3339"),
    Bad("empty", "", WRONG_TYPE, says="RFC 3339"),
    Bad("a date", "2026-01-31", WRONG_TYPE),
    Bad("no time zone", "2026-01-31T12:00:00", WRONG_TYPE, says="with its zone"),
    Bad("no dashes", "20260131T120000Z", WRONG_TYPE),
    Bad("a week", "2026-W05-6T12:00:00Z", WRONG_TYPE),
    Bad("a leap second", "2026-12-31T23:59:60Z", WRONG_TYPE),
    Bad("the thirteenth month", "2026-13-01T00:00:00Z", WRONG_TYPE),
    Bad("a number", 1769860800, WRONG_TYPE),
    Bad("before the first year", "0001-01-01T00:00:00+14:00", WRONG_TYPE, says="range"),
    Bad("behind the last year", "9999-12-31T23:59:59-14:00", WRONG_TYPE, says="range"),
    Bad("year 10000", "10000-01-01T00:00:00Z", WRONG_TYPE),
    Bad("NUL", "2026-01-31T12:00:00Z\0", WRONG_TYPE),
    Bad("30000 characters", "2" * 30000, WRONG_TYPE),
]

SUPER_ADMIN = [
    Bad(
        "true",
        True,
        "NOT_ALLOWED",
        says="Making application users super admin is no longer supported",
    ),
    Bad("text", "true", WRONG_TYPE),
    Bad("a number", 1, WRONG_TYPE),
]

TRUTHS = [Bad("text", "true", WRONG_TYPE), Bad("a number", 1, WRONG_TYPE)]

CHOICES = [
    Bad("empty list", [], "TOO_SHORT"),
    Bad("unknown", ["ASLEEP"], WRONG_TYPE),
    Bad("lower case", ["active"], WRONG_TYPE),
    Bad("null inside", [None], WRONG_TYPE),
    Bad("a number inside", [1], WRONG_TYPE),
]

ORDERS = [
    Bad("unknown field", {"field": "COLOUR"}, WRONG_TYPE),
    Bad("no field", {"direction": "ASC"}, WRONG_TYPE),
    Bad("unknown direction", {"field": "CREATE_TIME", "direction": "UP"}, WRONG_TYPE),
    Bad("SQL", {"field": "create_time; DROP TABLE token"}, WRONG_TYPE),
    Bad("text", "CREATE_TIME", WRONG_TYPE),
]


def ids(kind: Kind) -> list[Bad]:
    """Return what is no id of a kind; ``%org`` and the like stand for a real id of that kind."""
    others: list[Kind] = [other for other in ("org", "user", "token") if other != kind]
    length = 22 if kind == "org" else 44
    return [
        Bad("empty", "", "INVALID_ID"),
        Bad("rubbish", "rubbish", "INVALID_ID"),
        Bad("prefix alone", f"{kind}_", "INVALID_ID"),
        *(Bad(f"id of another kind ({other})", f"%{other}", "INVALID_ID") for other in others),
        Bad("one character less", f"%{kind}:less", "INVALID_ID"),
        Bad("one character more", f"%{kind}:more", "INVALID_ID"),
        Bad("white space before", f"%{kind}:before", "INVALID_ID"),
        Bad("line break behind", f"%{kind}:behind", "INVALID_ID"),
        Bad("capital prefix", f"%{kind}:capital", "INVALID_ID"),
        Bad("beyond 128 bits", f"{kind}_" + "z" * length, "INVALID_ID"),
        Bad("NUL", f"{kind}_" + "\0" * length, "INVALID_ID"),
        Bad("full-width digits", f"{kind}_" + "\uff10" * length, "INVALID_ID"),
        Bad("a sign", f"{kind}_-" + "0" * (length - 1), "INVALID_ID"),
        Bad("30000 characters", f"{kind}_" + "0" * 30000, "INVALID_ID"),
        Bad("a UUID", "018f4a0e-7a2b-7c3d-8e4f-5a6b7c8d9e0f", "INVALID_ID"),
        Bad("the token itself", "%full", "INVALID_ID"),
        Bad("SQL", "' OR 1=1 --", "INVALID_ID"),
        Bad("a number", 7, "INVALID_ID"),
        Bad("null", None, WRONG_TYPE),
        Bad("a truth value", True, WRONG_TYPE),
        Bad("a fraction", 1.5, WRONG_TYPE),
        Bad("a list", ["x"], WRONG_TYPE),
        Bad("an object", {"id": "x"}, WRONG_TYPE),
    ]
