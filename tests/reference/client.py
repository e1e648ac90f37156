"""Prints the client's reference: ``python -m tests.reference.client > app/client/REFERENCE.md``."""

import inspect
from pathlib import Path

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLUnionType,
    OperationDefinitionNode,
    build_schema,
    get_named_type,
    parse,
)

from app.client import Client, errors
from tests.client import tasks

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "app" / "client" / "operations"
HEAD = """\
# The client

`app.client.Client` calls the API as the holder of a token. It is generated from `schema.graphql`
and `operations/`, and this page from it. Names are those of the API in Python's spelling; times are
`datetime`, with a zone; what an input leaves out is not sent.

```python
from app.client import Client, every
from app.client.generated import GenerateTokenInput  # and every other input and enum

async with Client("https://tokens.example.com", token) as client:
    viewer = await client.viewer()
```

- **Waiting.** A rate limit (429) and a service whose database is away (503) are waited for as long
  as `Retry-After` says, and a service that does not answer, too: 60 seconds in all (`patience_s`).
  What might be done twice that way is not sent again: `create_…` and `delete_…` raise.
  `generate_token` and `rotate_token` carry an idempotency key, the caller's or one that is made for
  the call: where the answer was lost they return `…Replayed`, with the token and without its text.
- **Safety.** The token is sent to the address that was given and nowhere else: redirects are not
  followed, and `http://` has to be of this host, or allowed by `allow_http=True`. No error and no
  `repr` has a token's text.
- **Lists** come in pages: `every` goes through all of them.
- **Releases.** The client is of the service's: a newer one may answer with names it does not know.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, *_tasks(), *_errors(), *_methods()])


def _tasks() -> list[str]:
    lines = ["## Tasks", ""]
    for _, task in sorted(
        inspect.getmembers(tasks, inspect.iscoroutinefunction),
        key=lambda found: inspect.getsourcelines(found[1])[1],
    ):
        lines += ["```python", inspect.getsource(task).rstrip(), "```", ""]
    return lines


def _errors() -> list[str]:
    lines = ["## What is raised", "", "| `app.client` | when |", "|---|---|"]
    for name, found in vars(errors).items():
        if inspect.isclass(found) and issubclass(found, errors.ClientError):
            summary = (inspect.getdoc(found) or "").split("\n\n")[0]
            lines.append(f"| `{name}` | {summary} |")
    return [*lines, ""]


def _methods() -> list[str]:
    schema = build_schema((ROOT / "schema.graphql").read_text())
    lines = ["## Methods", ""]
    for path in sorted(OPERATIONS.glob("*.graphql")):
        found = [
            each
            for each in parse(path.read_text()).definitions
            if isinstance(each, OperationDefinitionNode)
        ]
        for operation in found:
            root = schema.get_root_type(operation.operation)
            (selected,) = operation.selection_set.selections
            assert root is not None
            assert isinstance(selected, FieldNode)
            lines += _method(operation, root.fields[selected.name.value])
    return lines


def _method(operation: OperationDefinitionNode, field: GraphQLField) -> list[str]:
    assert operation.name is not None
    name = _snake(operation.name.value)
    signature = inspect.signature(getattr(Client, name))
    taken = [
        f"{each.name}=…" if each.default is not each.empty else each.name
        for each in signature.parameters.values()
        if each.name not in ("self", "kwargs")
    ]
    lines = [f"### `{name}({', '.join(taken)})`", "", str(field.description), ""]
    result = get_named_type(field.type)
    if isinstance(result, GraphQLUnionType):
        members = [member.name for member in result.types]
        refusals = [f"`{each}`" for each in members if each.endswith("Error")]
        returned = [f"`{each}`" for each in members if not each.endswith("Error")]
        lines += [
            f"Returns {' or '.join(returned)}; takes `{result.name.removesuffix('Result')}Input`;"
            f" `Refused.kind` is {', '.join(refusals)}.",
            "",
        ]
    return lines


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name).lstrip("_")


if __name__ == "__main__":
    print(page(), end="")
