"""What callers get wrong about lists, their filters and their order, as tables."""

from tests.api.bad_values import WRONG_TYPE, Bad

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
