"""What callers get wrong, as tables: the value, and the code it is answered with.

Tables of one kind of thing alone stand beside this: ``bad_tokens``, ``bad_people`` and the like.

A code of WRONG_TYPE means that GraphQL itself refuses the value before anything runs.
"""

from dataclasses import dataclass
from typing import Any, Literal

WRONG_TYPE = "WRONG_TYPE"

Kind = Literal["org", "user", "token", "resource", "group", "webhook"]


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

_USER = "user_" + "0" * 44
USER_IDS = [
    Bad("none", [], "TOO_SHORT"),
    Bad("1001", [f"user_{n:044}" for n in range(1001)], "TOO_LONG", says="1000"),
    Bad("rubbish", [_USER, "rubbish"], "INVALID_ID", "[1]"),
    Bad("a group", ["group_" + "0" * 44], "INVALID_ID", "[0]"),
    Bad("a number", 7, "INVALID_ID", "[0]"),
    Bad("twice", [_USER, _USER], "DUPLICATE_VALUE", "[1]"),
    Bad("null inside", [None], WRONG_TYPE),
    Bad("a list inside", [[_USER]], WRONG_TYPE),
    Bad("null", None, WRONG_TYPE),
    Bad("an object", {"id": _USER}, WRONG_TYPE),
]

EXTENSIONS = [
    Bad("text", "true", WRONG_TYPE),
    Bad("a number", 1, WRONG_TYPE),
    Bad("null", None, WRONG_TYPE),
    Bad("a list", [True], WRONG_TYPE),
]

PERMISSIONS = [
    Bad("101 permissions", ["read_only"] * 101, "TOO_LONG", says="100"),
    Bad("unknown", ["admin", "kafka:read"], "UNKNOWN_VALUE", "[1]"),
    Bad("upper case", ["ADMIN"], "UNKNOWN_VALUE", "[0]"),
    Bad("everything", ["*"], "UNKNOWN_VALUE", "[0]"),
    Bad("super admin", ["super_admin"], "UNKNOWN_VALUE", "[0]"),
    Bad("a scope", ["projects:read"], "UNKNOWN_VALUE", "[0]"),
    Bad("white space", ["admin "], "UNKNOWN_VALUE", "[0]"),
    Bad("empty text", [""], "UNKNOWN_VALUE", "[0]"),
    Bad("NUL", ["admin\0"], "UNKNOWN_VALUE", "[0]"),
    Bad("a token pasted", ["%full"], "UNKNOWN_VALUE", "[0]"),
    Bad("30000 characters", ["x" * 30000], "UNKNOWN_VALUE", "[0]"),
    Bad("twice", ["admin", "operator", "admin"], "DUPLICATE_VALUE", "[2]"),
    Bad("of another level", ["role:organization:admin"], "NOT_ALLOWED", "[0]", "ORGANIZATION"),
    Bad("null", None, WRONG_TYPE),
    Bad("null inside", [None], WRONG_TYPE),
    Bad("a number inside", [1], WRONG_TYPE),
    Bad("a list inside", [["admin"]], WRONG_TYPE),
]

DAYS = [
    Bad("zero", 0, "OUT_OF_RANGE", says="1 to 3650"),
    Bad("negative", -1, "OUT_OF_RANGE"),
    Bad("3651", 3651, "OUT_OF_RANGE", says="3650"),
    Bad("2147483647", 2147483647, "OUT_OF_RANGE"),
    Bad("2147483648", 2147483648, WRONG_TYPE),
    Bad("a fraction", 1.5, WRONG_TYPE),
    Bad("text", "30", WRONG_TYPE),
    Bad("a truth value", True, WRONG_TYPE),
    Bad("a list", [30], WRONG_TYPE),
]


NO_OBJECTS = [
    Bad("null", None, WRONG_TYPE),
    Bad("text", "none", WRONG_TYPE),
    Bad("a list of two", [{}, {}], WRONG_TYPE),
    Bad("an unknown field", {"isAdmin": True}, WRONG_TYPE, says="isAdmin"),
]


def inside(fields: dict[str, list[Bad]]) -> list[Bad]:
    """Return the bad values of an input object, by its fields'."""
    return [
        Bad(
            f"{field} {bad.what}",
            {field: bad.value},
            bad.code,
            f".{field}{bad.below}",
            bad.says or field,
        )
        for field, table in fields.items()
        for bad in table
    ]


KINDS_OF_RESOURCE = [
    Bad("the organization", "ORGANIZATION", "NOT_ALLOWED", says="root"),
    Bad("lower case", "project", WRONG_TYPE),
    Bad("unknown", "FOLDER", WRONG_TYPE),
    Bad("null", None, WRONG_TYPE),
    Bad("a list", ["PROJECT"], WRONG_TYPE),
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


def optional_places() -> list[Bad]:
    """Return what is neither a resource's nor the organization's id; null is the organization."""
    return [bad for bad in ids("resource") if bad.value is not None and bad.value != "%org"]
