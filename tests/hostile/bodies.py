"""Good requests, changed in their bytes: bodies, header fields, framing."""

import gzip
import json
import random
from collections.abc import Callable, Sequence

from tests.hostile.callers import Callers
from tests.hostile.oracle import Report
from tests.hostile.raw_client import send

Change = Callable[[random.Random, list[bytes], bytes], tuple[list[bytes], bytes]]
PIECES = (
    *(b"\0", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xf0\x9f\x98\x80"),
    *(b"\\ud800", b"\\u0000", b"1e999", b"-0", b"9" * 5000, b"[" * 2000, b'{"a":' * 2000),
    *(b"null", b'""', b"{}", b"[]", b"%00", b"%ff", b"%u0041", b"&token=x", b"=", b"&" * 3000),
    *(b"\r\n", b"\r\n\r\n", b"a" * 70_000, "e\u0301".encode() * 9000, b"appu_", b"$", b"#"),
)
TYPES = (
    *(b"application/json", b"application/x-www-form-urlencoded", b"text/plain", b""),
    *(b"application/json; charset=utf-16", b"application/json;charset=utf-8;charset=latin-1"),
    *(b"multipart/form-data; boundary=x", b"application/graphql", b"\xff/\xfe", b"a/b;" * 900),
)


def _cut(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    return head, body[: draw.randint(0, len(body))]


def _double(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    a, b = sorted((draw.randint(0, len(body)), draw.randint(0, len(body))))
    return head, body[:b] + body[a:b] * draw.choice((1, 2, 50)) + body[b:]


def _flip(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    changed = bytearray(body)
    for _ in range(draw.randint(1, 8)):
        if changed:
            changed[draw.randrange(len(changed))] = draw.randrange(256)
    return head, bytes(changed)


def _put(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    place = draw.randint(0, len(body))
    return head, body[:place] + draw.choice(PIECES) + body[place:]


def _value(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    """Put something else for a value of JSON."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _put(draw, head, body)
    others = (None, True, 0, -1, 1e308, 2**63, 2**70, "", "\0", "\ud800", [], {}, [[]], "x" * 3000)
    node = document
    while isinstance(node, dict) and node:
        name = draw.choice(list(node))
        if draw.random() < 0.5 or not isinstance(node[name], dict):
            node[name] = draw.choice(others)
            break
        node = node[name]
    return head, json.dumps(document).encode()


def _type(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    kept = [line for line in head if not line.lower().startswith(b"content-type")]
    return [
        *kept,
        *(b"Content-Type: " + draw.choice(TYPES) for _ in range(draw.choice((0, 1, 2)))),
    ], body


def _packed(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    kind = draw.choice((b"gzip", b"br", b"deflate", b"identity", b"gzip, gzip", b"x"))
    return [*head, b"Content-Encoding: " + kind], gzip.compress(body)


def _length(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    wrong = draw.choice(
        (b"-1", b"0", b"1", b"99999999999999999999", b"+5", b"0x10", b"1e1", b"", b"5, 5")
    )
    return [*head, b"Content-Length: " + wrong], body


def _chunks(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    size = draw.choice(
        (b"%x" % len(body), b"ffffffffffffffff", b"-1", b"g", b"0", b"%x;a=b" % len(body))
    )
    end = draw.choice((b"\r\n0\r\n\r\n", b"", b"\r\n0\r\nA: b\r\n\r\n", b"\r\nzz\r\n"))
    return [*head, b"Transfer-Encoding: chunked"], size + b"\r\n" + body + end


def _fields(draw: random.Random, head: list[bytes], body: bytes) -> tuple[list[bytes], bytes]:
    """Add header fields: many, long, doubled, of bytes that have no place in one."""
    added = draw.choice(
        (
            [b"X-%d: y" % i for i in range(500)],
            [b"X: " + b"y" * draw.choice((4000, 15_000, 70_000))],
            [b"Authorization: Bearer x", b"Authorization: Bearer y"],
            [
                b"Authorization: "
                + bytes(draw.randrange(256) for _ in range(40)).replace(b"\n", b"")
            ],
            [b"X-Forwarded-For: " + b"1.2.3.4, " * 400],
            [b"Accept: " + b"a/b;q=0.1," * 300],
            [
                b"Accept: "
                + draw.choice((b"text/html", b"*/*;q=x", b"application/json;charset=x", b"\xff"))
            ],
            [b"X-Request-Id: " + draw.choice((b"", b"\x7f", b"a" * 5000, b"\xe9"))],
            [b"Connection: Authorization, close", b"Host: other"],
            [b"Expect: 100-continue"],
            [b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Version: 13"],
            [b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"],
            [b" folded: x", b"\tmore"],
            [b"no colon", b": no name", b"A\0: b", b"\xff\xfe: b"],
            [b"User-Agent: " + bytes(draw.randrange(128, 256) for _ in range(300))],
            [b"Cookie: " + b"a=b; " * 500],
        )
    )
    place = draw.randint(0, len(head))
    return [*head[:place], *added, *head[place:]], body


CHANGES: Sequence[Change] = (
    *(_cut, _double, _flip, _put, _value, _type, _packed, _length, _chunks, _fields),
)


def requests(callers: Callers, organization_id: str) -> list[tuple[bytes, list[bytes], bytes]]:
    """Return good requests: first line, header fields, body."""
    admin = callers.tokens["administrator"] or ""
    bearer = b"Authorization: Bearer " + admin.encode()
    form = b"Content-Type: application/x-www-form-urlencoded"
    document = (
        "query($o: ID!, $f: TokenFilter) { tokens(organizationId: $o, filter: $f, first: 2)"
        " { nodes { id status } } }"
    )
    variables = {"o": organization_id, "f": {"statuses": ["ACTIVE"], "search": "x"}}
    asked = json.dumps({"query": document, "variables": variables, "operationName": None})
    create = (
        "mutation($i: CreateGroupInput!) { createGroup(input: $i) { __typename"
        " ... on InvalidInputError { fields { path code message } } } }"
    )
    given = {"organizationId": organization_id, "name": "g", "description": "d"}
    made = json.dumps({"query": create, "variables": {"i": given}})
    json_type = b"Content-Type: application/json"
    return [
        (b"POST /graphql", [bearer, json_type], asked.encode()),
        (b"POST /graphql", [bearer, json_type], made.encode()),
        (b"GET /graphql?query=%7Bviewer%7B__typename%7D%7D&variables=%7B%7D", [bearer], b""),
        (b"POST /introspect", [bearer, form], b"token=x&client_ip=::1&user_agent=a%20b"),
        (b"POST /revoke", [form], b"token=x&token_type_hint=access_token"),
        (b"POST /credentials/revoke", [json_type], b'{"credentials": ["x", "appu_x"]}'),
        (b"GET /verify?organization_id=any&permission=project:services:read", [bearer], b""),
        (b"GET /.well-known/oauth-authorization-server", [], b""),
        (b"GET /readyz", [], b""),
        (b"GET /", [b"Accept: text/html"], b""),
    ]


def draw_one(draw: random.Random, good: Sequence[tuple[bytes, list[bytes], bytes]]) -> bytes:
    """Return a request in bytes that was changed in one to three ways."""
    line, head, body = draw.choice(good)
    changes = draw.choices(CHANGES, k=draw.choice((1, 1, 2, 3)))
    for change in changes:
        head, body = change(draw, head, body)
    line = _line(draw, line) if draw.random() < 0.1 else line + b" HTTP/1.1"
    names = {field.partition(b":")[0].lower() for field in head}
    if not names & {b"content-length", b"transfer-encoding"} and (body or line[:4] == b"POST"):
        head = [*head, b"Content-Length: %d" % len(body)]
    return b"\r\n".join([line, b"Host: h", *head, b"Connection: close", b"", b""]) + body


def _line(draw: random.Random, line: bytes) -> bytes:
    method, _, target = line.partition(b" ")
    return draw.choice(
        (
            b"%s %s HTTP/1.0" % (method, target),
            b"%s %s HTTP/9.9" % (method, target),
            b"%s %s" % (method, target),
            b"BREW %s HTTP/1.1" % target,
            b"HEAD %s HTTP/1.1" % target,
            b"OPTIONS * HTTP/1.1",
            b"%s http://other%s HTTP/1.1" % (method, target),
            b"%s //%s HTTP/1.1" % (method, target),
            b"%s %s%%00%%ff%%2e%%2e/ HTTP/1.1" % (method, target),
            b"%s %s?%s HTTP/1.1" % (method, target, b"a=b&" * 4000),
            b"%s /%s HTTP/1.1" % (method, b"\xff\xfe"),
        )
    )


def run(
    report: Report, callers: Callers, count: int, number: int, tick: Callable[[], None]
) -> None:
    """Send so many requests."""
    draw = random.Random(number)
    good = requests(callers, report.worker.estate.organization_id)
    for _ in range(count):
        request = draw_one(draw, good)
        what = _without_secrets(request, callers)
        report.judge(what, lambda _again, sent=request: send(report.worker, sent))
        tick()


def _without_secrets(request: bytes, callers: Callers) -> str:
    for name, token in callers.tokens.items():
        if token:
            request = request.replace(token.encode(), f"<{name}>".encode())
    return repr(request[:1500])
