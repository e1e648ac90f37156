"""Offers of another protocol, which are declined: the request is read as if it made none."""

from collections.abc import Iterable

import httptools


def head_without_offer(
    parser: httptools.HttpRequestParser, target: bytes, fields: Iterable[tuple[bytes, bytes]]
) -> bytes:
    """Return the head of the request that stopped the parser, without its Upgrade fields.

    ``fields`` have lower-case names. ``Connection`` stays as it is: beside what it says of the
    offer it may say ``close``, and without an Upgrade field it offers nothing. A server may ignore
    any offer (RFC 9110, section 7.8).
    """
    lines = [b"%b %b HTTP/%b" % (parser.get_method(), target, parser.get_http_version().encode())]
    lines += [b"%b: %b" % field for field in fields if field[0] != b"upgrade"]
    return b"\r\n".join([*lines, b"", b""])


def fresh_parser(protocol: object) -> httptools.HttpRequestParser:
    """Return a parser for the rest of a connection, as lenient as the one that uvicorn makes.

    The one that met an offer reads nothing more where the request also said ``close``.
    """
    parser = httptools.HttpRequestParser(protocol)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser
