"""What callers get wrong about webhook endpoints, as tables."""

from tests.api.bad_values import WRONG_TYPE, Bad

URLS = [
    Bad("empty", "", "TOO_SHORT"),
    Bad("2049 characters", "https://hooks.example/" + "x" * 2027, "TOO_LONG", says="2048"),
    Bad("30000 characters", "https://hooks.example/" + "x" * 30000, "TOO_LONG"),
    Bad("NUL", "https://hooks.example/\0", "INVALID_CHARACTER"),
    Bad("a line break", "https://hooks.example/\r\nX: y", "INVALID_CHARACTER"),
    Bad("white space before", " https://hooks.example/", "INVALID_CHARACTER"),
    Bad("not ASCII", "https://b\u00fccher.example/", "INVALID_CHARACTER"),
    Bad("right-to-left override", "https://hooks.example/\u202e", "INVALID_CHARACTER"),
    Bad("a backslash", "https://hooks.example\\@127.0.0.1/", "INVALID_CHARACTER"),
    Bad("a token pasted", "%full", "NOT_ALLOWED", says="access token"),
    Bad("rubbish", "rubbish", "NOT_ALLOWED", says="not a URL"),
    Bad("http", "http://hooks.example/", "NOT_ALLOWED", says="https"),
    Bad("a file", "file:///etc/passwd", "NOT_ALLOWED"),
    Bad("no host", "https:///path", "NOT_ALLOWED"),
    Bad("a password", "https://me:secret@hooks.example/", "NOT_ALLOWED", says="password"),
    Bad("a fragment", "https://hooks.example/#part", "NOT_ALLOWED", says="fragment"),
    Bad("a port too high", "https://hooks.example:65536/", "NOT_ALLOWED"),
    Bad("loopback", "https://127.0.0.1/", "NOT_ALLOWED", says="not public"),
    Bad("loopback by name", "https://localhost/", "NOT_ALLOWED", says="not public"),
    Bad("loopback as a number", "https://2130706433/", "NOT_ALLOWED", says="not public"),
    Bad("loopback in octal", "https://0177.0.0.1/", "NOT_ALLOWED", says="not public"),
    Bad("loopback in IPv6", "https://[::ffff:127.0.0.1]/", "NOT_ALLOWED", says="not public"),
    Bad("metadata of a cloud", "https://169.254.169.254/", "NOT_ALLOWED", says="not public"),
    Bad("a number", 7, WRONG_TYPE),
    Bad("a list", ["https://hooks.example/"], WRONG_TYPE),
]

ACTIONS = [
    Bad("none", [], "TOO_SHORT", says="leave it out"),
    Bad("twice", ["TOKEN_REVOKE", "TOKEN_REVOKE"], "DUPLICATE_VALUE", "[1]"),
    Bad("unknown", ["COFFEE_MAKE"], WRONG_TYPE),
    Bad("in three parts", ["application_user:token:revoke"], WRONG_TYPE),
    Bad("lower case", ["token_revoke"], WRONG_TYPE),
    Bad("null inside", [None], WRONG_TYPE),
    Bad("a number inside", [1], WRONG_TYPE),
    Bad("an object", {"action": "TOKEN_REVOKE"}, WRONG_TYPE),
]

ACTIVE = [
    Bad("null", None, "REQUIRED"),
    Bad("text", "true", WRONG_TYPE),
    Bad("a number", 1, WRONG_TYPE),
    Bad("a list", [True], WRONG_TYPE),
]
