"""The wrong places of GraphQL: each part of a document, and each leaf of each operation's input."""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from tests.api.operations import Operation, operations
from tests.api.place import Place
from tests.promises.canary_sent import Sent, WrongPlace, graphql

# What other programs make up may look like the end of a token.
OPAQUE = frozenset({"idempotencyKey", "url", "issuer", "subject"})

Step: TypeAlias = str | int


def documents(bearer: dict[str, str]) -> Iterator[WrongPlace]:
    """Yield the parts of documents."""
    documents: dict[str, str] = {
        "string": '{ node(id: "%s") { id } }',
        "block string": '{ node(id: """%s""") { id } }',
        "field": "{ %s }",
        "field below": "{ viewer { %s } }",
        "alias": "{ %s: viewer { token { id } } }",
        "argument name": "{ node(%s: 1) { id } }",
        "enum": "{ node(id: %s) { id } }",
        "comment": "{ viewer { token { id } } } # %s",
        "operation name": "query %s { viewer { nothing } }",
        "fragment name": "{ viewer { ...%s } } fragment %s on Viewer { token { id } }",
        "type": "{ viewer { ... on %s { id } } }",
        "directive": "{ viewer @%s { token { id } } }",
        "variable": "query($%s: Int) { viewer { token { id } } }",
        "variable's type": "query($x: %s) { viewer { token { id } } }",
        "default": 'query($x: Int = "%s") { viewer { token { id } } }',
        "open end": "{ viewer { %s",
        "nothing else": "%s",
        "after a document": "{ viewer { token { id } } } %s",
    }
    for name, document in documents.items():
        for who, headers in (("somebody", bearer), ("nobody", {})):

            def paste(
                text: str, document: str = document, headers: dict[str, str] = headers
            ) -> Sent:
                return graphql({"query": document.replace("%s", text)}, headers)

            yield WrongPlace(f"document: {name}, by {who}", 1, paste, one_word=True)


def variables(place: Place, bearer: dict[str, str]) -> Iterator[WrongPlace]:
    """Yield what stands in variables."""
    for operation in operations():
        known = place.variables(operation.name)
        document = operation.document(1)
        for path in _leaves(operation):
            least = 2 if path[-1] in OPAQUE else 1

            def paste(
                text: str,
                document: str = document,
                known: dict[str, Any] = known,
                path: tuple[Step, ...] = path,
            ) -> Sent:
                return graphql({"query": document, "variables": _with(known, path, text)}, bearer)

            yield WrongPlace(f"{operation.name}: {'.'.join(map(str, path))}", least, paste)
    for name, variables in {
        "variable nobody takes": {"%s": "%s"},
        "list": {"id": ["%s"]},
        "object": {"id": {"%s": "%s"}},
    }.items():

        def odd(text: str, variables: str = json.dumps(variables)) -> Sent:
            document = "query($id: ID!) { node(id: $id) { id } }"
            given = json.loads(variables.replace("%s", json.dumps(text)[1:-1]))
            return graphql({"query": document, "variables": given}, bearer)

        yield WrongPlace(name, 1, odd)


def _leaves(operation: Operation) -> Iterator[tuple[Step, ...]]:
    for name, argument in operation.field.args.items():
        yield from _leaves_of(argument.type, (name,))


def _leaves_of(kind: Any, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList):
        yield from _leaves_of(kind.of_type, (*path, 0))
    elif isinstance(kind, GraphQLInputObjectType):
        for name, inner in kind.fields.items():
            yield from _leaves_of(inner.type, (*path, name))
    else:
        yield path


def _with(value: Any, path: tuple[Step, ...], text: str) -> Any:
    """Return a copy of variables with a text at a path, which is made where there is none."""
    if not path:
        return text
    step, *rest = path
    if isinstance(step, int):
        return [_with(None, tuple(rest), text)]
    known: dict[str, Any] = value or {}
    return {**known, step: _with(known.get(step), tuple(rest), text)}
