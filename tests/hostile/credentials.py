"""Changed tokens, at every place that takes one."""

import random
from collections.abc import Callable
from urllib.parse import quote_from_bytes

from app.ids import DIGITS
from tests.hostile.callers import Callers
from tests.hostile.oracle import Report
from tests.hostile.raw_client import send

INTO = (
    b"GET /verify?organization_id=any HTTP/1.1\r\n%(header)s\r\n\r\n",
    b"POST /introspect HTTP/1.1\r\n%(header)s\r\n%(form)s",
    b"POST /introspect HTTP/1.1\r\n%(admin)s\r\n%(form)s",
    b"POST /revoke HTTP/1.1\r\n%(form)s",
    b"POST /credentials/revoke HTTP/1.1\r\n%(list)s",
    b"POST /graphql HTTP/1.1\r\n%(header)s\r\n%(graphql)s",
    b"POST /graphql HTTP/1.1\r\n%(admin)s\r\n%(identify)s",
)


def changed(draw: random.Random, token: bytes) -> bytes:
    """Return a token with something else about it."""
    digits = DIGITS.encode()
    place = draw.randrange(len(token))
    return draw.choice(
        (
            lambda: token[:place] + bytes([draw.choice(digits)]) + token[place + 1 :],
            lambda: token[:place],
            lambda: token[place:],
            lambda: token + bytes(draw.choice(digits) for _ in range(draw.randint(1, 300))),
            lambda: token[:place] + bytes([draw.randrange(256)]) + token[place:],
            token.swapcase,
            lambda: token[::-1],
            lambda: token + b" " + token,
            lambda: b"appu_" + bytes(draw.choice(digits) for _ in range(44)) + token[49:],
            lambda: token[:50] + bytes(draw.choice(digits) for _ in range(49)),
            lambda: bytes(draw.randrange(1, 256) for _ in range(draw.randint(0, 300))),
            lambda: token.replace(b"_", b"__"),
            lambda: b"eyJhbGciOiJub25lIn0." + token + b".",
            lambda: b"eyJ" * draw.randint(1, 90) + b".e30.x",
            lambda: "\uff41".encode() + token,
            lambda: b"",
        )
    )()


def run(
    report: Report, callers: Callers, count: int, number: int, tick: Callable[[], None]
) -> None:
    """Send so many."""
    draw = random.Random(number)
    plain = (callers.tokens["application user"] or "").encode()
    admin = (callers.tokens["administrator"] or "").encode()
    organization_id = report.worker.estate.organization_id.encode()
    for _ in range(count):
        token = changed(draw, draw.choice((plain, admin)))
        # Around a credential in a header spaces mean nothing, and line breaks cannot be sent.
        if token.replace(b"\r", b"").replace(b"\n", b"").strip() in (plain, admin):
            continue
        where = draw.choice(INTO)
        request = where % {
            b"header": b"Authorization: Bearer " + token.replace(b"\r", b"").replace(b"\n", b""),
            b"admin": b"Authorization: Bearer " + admin,
            b"form": _body(b"x-www-form-urlencoded", b"token=" + quote_from_bytes(token).encode()),
            b"list": _body(b"json", b'{"credentials": ["%s"]}' % _json(token)),
            b"graphql": _body(b"json", b'{"query": "{ viewer { __typename } }"}'),
            b"identify": _body(
                b"json",
                b'{"query": "query($t: String!) { identifyToken(organizationId: \\"%s\\",'
                b' token: $t) { isActive } }", "variables": {"t": "%s"}}'
                % (organization_id, _json(token)),
            ),
        }
        request = request.replace(
            b" HTTP/1.1\r\n", b" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n", 1
        )
        answer = report.judge(
            f"{where[:40]!r} {len(token)} bytes",
            lambda _again, sent=request: send(report.worker, sent),
        )
        if where[:4] == b"GET " and answer.status == 200:
            report.violate(f"a changed token is let through: {where!r}")
        if b'"active":true' in answer.body:
            report.violate(f"a changed token is active: {where!r}")
        tick()


def _body(kind: bytes, body: bytes) -> bytes:
    return b"Content-Type: application/%s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)


def _json(token: bytes) -> bytes:
    return token.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
