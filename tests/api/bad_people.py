"""What callers get wrong about people and limits, as tables like those of ``bad_values``."""

from tests.api.bad_values import WRONG_TYPE, Bad

PERSON_STATES = [
    Bad("null", None, "REQUIRED"),
    Bad("DELETED", "DELETED", "NOT_ALLOWED", says="removeOrganizationUser"),
    Bad("lower case", "active", WRONG_TYPE),
    Bad("unknown", "ASLEEP", WRONG_TYPE),
    Bad("a number", 0, WRONG_TYPE),
]

EMAILS = [
    Bad("a token pasted", "%full", "NOT_ALLOWED", says="access token"),
    Bad("empty", "", "INVALID_CHARACTER"),
    Bad("no sign", "ada", "INVALID_CHARACTER"),
    Bad("nobody", "@acme.example", "INVALID_CHARACTER"),
    Bad("nowhere", "ada@", "INVALID_CHARACTER"),
    Bad("a space", "a da@acme.example", "INVALID_CHARACTER"),
    Bad("NUL", "a\0@acme.example", "INVALID_CHARACTER"),
    Bad("right-to-left override", "a\u202e@acme.example", "INVALID_CHARACTER"),
    Bad("256 characters", "a" * 243 + "@acme.example", "TOO_LONG", says="255"),
    Bad("null", None, WRONG_TYPE),
    Bad("a number", 7, WRONG_TYPE),
]

SUBJECTS = [
    Bad("a token pasted", "%full", "NOT_ALLOWED", says="access token"),
    Bad("empty", "", "TOO_SHORT"),
    Bad("256 characters", "s" * 256, "TOO_LONG", says="255"),
    Bad("30000 characters", "s" * 30000, "TOO_LONG"),
    Bad("not ASCII", "\u00e4da", "INVALID_CHARACTER"),
    Bad("NUL", "a\0da", "INVALID_CHARACTER"),
    Bad("line break behind", "ada\n", "INVALID_CHARACTER"),
    Bad("white space before", " ada", "INVALID_CHARACTER"),
    Bad("a number", 7, WRONG_TYPE),
    Bad("a list", ["ada"], WRONG_TYPE),
]

ISSUERS = [
    Bad("empty", "", "TOO_SHORT"),
    Bad("256 characters", "https://" + "i" * 248, "TOO_LONG", says="255"),
    Bad("no address", "issuer.example", "INVALID_CHARACTER", says="https://"),
    Bad("a line break", "https://issuer.example\n", "INVALID_CHARACTER"),
    Bad("null, and none configured", None, "REQUIRED"),
    Bad("a number", 7, WRONG_TYPE),
]

USER_LIMITS = [
    Bad("the present one", 50, "OUT_OF_RANGE", says="50"),
    Bad("lower", 1, "OUT_OF_RANGE"),
    Bad("zero", 0, "OUT_OF_RANGE"),
    Bad("negative", -1, "OUT_OF_RANGE"),
    Bad("1000001", 1_000_001, "OUT_OF_RANGE", says="1000000"),
    Bad("2147483648", 2147483648, WRONG_TYPE),
    Bad("a fraction", 60.5, WRONG_TYPE),
    Bad("text", "60", WRONG_TYPE),
    Bad("null", None, WRONG_TYPE),
]
