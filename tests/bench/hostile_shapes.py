"""Requests of at most 64 KiB that are meant to cost a server much, by name."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import get_introspection_query

from app.api import limits
from app.api.decoder import MAX_BODY_BYTES

MOST_BYTES = MAX_BODY_BYTES - 256
MOST_TOKENS = limits.MAX_TOKENS - 10


@dataclass(frozen=True)
class Shape:
    """A document with its variables."""

    name: str
    document: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])

    def body(self, organization_id: str) -> bytes:
        """Return the request; some documents ask for an organization."""
        variables = {"organization": organization_id} | self.variables
        fields = {"query": self.document, "variables": variables}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def length(text: str) -> int:
    """Return the bytes of a text in a body."""
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2


def fill(before: str, piece: str, after: str) -> str:
    """Repeat a piece up to the bytes of a body."""
    return before + piece * ((MOST_BYTES - length(before + after)) // length(piece)) + after


def number(before: str, piece: Callable[[int], str], after: str, most: int) -> str:
    """Put numbered pieces in a row, as many as asked and as fit."""
    pieces: list[str] = []
    left = MOST_BYTES - length(before + after)
    for index in range(most):
        pieces.append(piece(index))
        left -= length(pieces[-1])
        if left < 0:
            pieces.pop()
            break
    return before + "".join(pieces) + after


def shapes() -> Iterator[Shape]:
    """Yield every shape; documents at a bound, because those beyond are refused early."""
    for kind in _texts, _words, _fields, _fragments, _operations, _values, _nested, _introspections:
        for name, document in kind().items():
            yield Shape(name, document)
    yield from _variables()


def _texts() -> dict[str, str]:
    return {
        "comments": fill("{__typename ", "#\n", "}"),
        "commas": fill("{__typename ", ",", "}"),
        "lines before an error": fill("", "\n", "}"),
        "braces": fill("", "{", ""),
        "emoji": fill("", "\N{GRINNING FACE}", ""),
        "byte order marks": fill("", "\ufeff", ""),
        "NUL": fill("{", "\0", "}"),
        "long string": fill('{node(id:"', "1", '"){id}}'),
        "escapes": fill('{node(id:"', "\\n", '"){id}}'),
        "unicode escapes": fill('{node(id:"', "\\u{41}", '"){id}}'),
        "block string of lines": fill('{node(id:"""', "\n a", '"""){id}}'),
        "block string of quotes": fill('{node(id:"""', '\\"""', '"""){id}}'),
        "endless string": fill('{node(id:"', "1", ""),
        "endless block string": fill('{node(id:"""', "\n", ""),
    }


def _words() -> dict[str, str]:
    long = "a" * MOST_BYTES
    near = 250
    return {
        "long field": f"{{{long}}}",
        "long alias": f"{{{long}:__typename}}",
        "long argument": f"{{viewer({long}:1){{__typename}}}}",
        "long type": f"{{...on {long}{{id}}}}",
        "long variable": f"query(${long}:Int){{__typename}}",
        "long whole number": f"{{tokens(first:{'1' * MOST_BYTES}){{nodes{{id}}}}}}",
        "long fraction": f"{{node(id:1.{'1' * MOST_BYTES}){{id}}}}",
        "nearly fields": number(
            "{", lambda i: f"applicationUser{i:03} ", "}", min(near, limits.MAX_FIELDS)
        ),
        "nearly types": number(
            "{",
            lambda i: f"...on UpdateApplicationUserRes{i:02}{{id}} ",
            "}",
            limits.MAX_SPREADS,
        ),
        "nearly types of variables": number(
            "query(",
            lambda i: f"$a{i}:UpdateApplicationUserRes{i:02} ",
            "){__typename}",
            limits.MAX_VARIABLES,
        ),
        "nearly arguments": number("{tokens(", lambda i: f"applicationUserI{i}:1 ", "){x}}", 480),
        "nearly input fields": number(
            "{tokens(filter:{", lambda i: f"createdAfte{i}:1 ", "}){x}}", 480
        ),
        "nearly values": number(
            "{tokens(filter:{statuses:[", lambda i: f"DEACTIVATE{i} ", "]}){x}}", 1460
        ),
    }


def _fields() -> dict[str, str]:
    most, repeats = limits.MAX_FIELDS, limits.MAX_REPEATS
    text = '\\"\\"\\"' * 260
    return {
        "one field often": "{" + "__typename " * most + "}",
        "one object often": "{" + "viewer{__typename}" * (most // 2) + "}",
        "one path often": "{" + "viewer{token{id}}" * (most // 3) + "}",
        "one deep path often": "{" + "viewer{token{user{...on Node{id}}}}" * (most // 4) + "}",
        "one list often": "{" + f'tokens(filter:{{search:"{text}"}}){{__typename}}' * repeats + "}",
        "arguments that differ": number(
            "{", lambda i: f'node(id:"{i}"){{id}}', "}", min(repeats, most)
        ),
        "without selection": "{" + "viewer " * most + "}",
        "aliases": number("{", lambda i: f"a{i}:__typename ", "}", limits.MAX_ALIASES),
    }


def _fragments() -> dict[str, str]:
    most, spreads = limits.MAX_FRAGMENTS, limits.MAX_SPREADS
    all_of_them = "".join(f"...a{i} " for i in range(most))
    types = ["Token", "ApplicationUser", "Organization", "User", "OrganizationUser"]
    inline = "".join(f"...on {name}{{id}}" for name in types)
    leaves = number(
        "", lambda i: f"fragment a{i} on Query{{viewer{{x}} viewer{{__typename}}}}", "", most
    )
    chain = number("", lambda i: f"fragment a{i} on Query{{...a{i + 1} ...a{i + 1}}}", "", most)
    circle = number(
        "",
        lambda i: f"fragment a{i} on Query{{...a{(i + 1) % most} ...a{(i + 7) % most}}}",
        "",
        most,
    )
    return {
        "fragments in pairs": "{" + all_of_them * (spreads // most) + "}" + leaves,
        "fragments in a chain": "{...a0}" + chain,
        "fragments in circles": "{...a0}" + circle,
        "fragments of one name": "{...a}" + "fragment a on Query{__typename}" * most,
        "fragments unknown": number("{", lambda i: f"...a{i} ", "}", spreads),
        "inline fragments": '{node(id:""){' + inline * (spreads // len(types)) + "}}",
        "bomb": "{...a0}" + chain.replace("fragment a49", "fragment a50"),
    }


def _operations() -> dict[str, str]:
    most = limits.MAX_OPERATIONS
    mentions = limits.MAX_VARIABLES - most
    fragment = f"fragment a on Query{{tokens(filter:{{statuses:[{'$a ' * mentions}]}}){{x}}}}"
    return {
        "operations": number("", lambda i: f"query a{i}{{__typename}}", "", most),
        "operations of a fragment": number("", lambda i: f"query q{i}{{...a}}", fragment, most),
        "operations with variables": number(
            "", lambda i: f"query q{i}($a:TokenStatus!){{...a}}", fragment, most
        ),
        "variables": number(
            "query(", lambda i: f"$a{i}:Int ", "){__typename}", limits.MAX_VARIABLES
        ),
        "variables of one name": "query(" + "$a:Int " * limits.MAX_VARIABLES + "){__typename}",
        "types": number("", lambda i: f"type A{i}{{a:Int}}", "", MOST_TOKENS // 7),
        "directives": "{__typename " + "@skip(if:true) " * limits.MAX_DIRECTIVES + "}",
    }


def _values() -> dict[str, str]:
    many = MOST_TOKENS - 30
    return {
        "values": "{tokens(filter:{statuses:[" + "ACTIVE " * many + "]}){x}}",
        "values that are strings": "{tokens(filter:{statuses:[" + '"a"' * many + "]}){x}}",
        "values that are objects": "{tokens(filter:{statuses:[" + "{}" * (many // 2) + "]}){x}}",
        "arguments": number("{viewer(", lambda i: f"a{i}:1 ", "){x}}", many // 3),
        "arguments of one name": "{viewer(" + "a:1 " * (many // 3) + "){x}}",
    }


def _nested() -> dict[str, str]:
    return {
        "nested fields": "{a" * (MOST_TOKENS // 3) + "}" * (MOST_TOKENS // 3),
        "nested inline fragments": "{..." * 60 + "{a}" + "}" * 60,
        "nested lists": "{node(id:" + "[" * 700 + "]" * 700 + "){id}}",
        "nested objects": "{node(id:" + "{a:" * 360 + "1" + "}" * 360 + "){id}}",
        "nested types": "query($a:" + "[" * 700 + "Int" + "]" * 700 + "){__typename}",
    }


def _introspections() -> dict[str, str]:
    inner = "__schema{types{name description fields{name description args{name}}}}"
    deep = "name"
    for _ in range(3):
        deep = f"fields{{type{{ofType{{{deep}}}}}}}"
    return {
        "GraphiQL's introspection": get_introspection_query(),
        **{
            f"{many} schemas": number("{", lambda i: f"a{i}:{inner}", "}", many)
            for many in (5, 10, 15, 20, 25)
        },
        "types of fields": "{__schema{types{fields{type{ofType{fields{name}}}}}}}",
        "types of fields of fields": f'{{__type(name:"Query"){{{deep}}}}}',
    }


def _variables() -> Iterator[Shape]:
    tokens = (
        "query($v:TokenFilter,$organization:ID!){tokens(organizationId:$organization,filter:$v)"
    )
    generate = "mutation($v:GenerateTokenInput!){generateToken(input:$v){__typename}}"
    user = {"applicationUserId": "x"}
    for name, value in {
        "statuses": {"statuses": ["ACTIVE"] * 6500},
        "wrong statuses": {"statuses": ["x"] * 16_000},
        "nearly statuses": {"statuses": ["ACTIV"] * 7000},
        "numbers for statuses": {"statuses": [1] * 32_000},
        "long status": {"statuses": ["A" * 60_000]},
        "unknown keys": {f"a{i}": 1 for i in range(5500)},
        "nearly known keys": {f"createdAfter{i}": 1 for i in range(2800)},
        "long key": {"a" * 60_000: 1},
        "long search": {"search": "a" * 60_000},
        "long time": {"createdAfter": "1" * 60_000},
        "list for an object": [1] * 32_000,
    }.items():
        yield Shape(f"variable: {name}", tokens + "{nodes{id}}}", {"v": value})
    for name, value in {
        "scopes": {"scopes": [f"a{i}:read" for i in range(4500)]},
        "networks": {"ipAllowlist": [f"10.1.{i // 256}.{i % 256}" for i in range(4200)]},
        "wrong networks": {"ipAllowlist": ["x"] * 15_000},
        "numbers for networks": {"ipAllowlist": [1] * 32_000},
        "long description": {"description": "\u0301" * 30_000},
    }.items():
        yield Shape(f"variable: {name}", generate, {"v": user | value})
    long = {"v": "token_" + "z" * 60_000}
    yield Shape("variable: long id", "query($v:ID!){node(id:$v){id}}", long)
    unused = {f"a{i}": 1 for i in range(5500)}
    yield Shape("variable: unused", "{__typename}", unused)
