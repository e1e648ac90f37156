"""Prints the provider's reference: ``python -m tests.reference.terraform``.

What it prints is ``app/terraform/REFERENCE.md``.
"""

import json

from tf.schema import Attribute, Schema

from app.terraform.install import SOURCE
from app.terraform.managed import PREFIX
from app.terraform.provider import RESOURCES, SOURCES, provider_schema

HEAD = f"""\
# The Terraform provider

`{SOURCE}` manages application users, their tokens, groups and permissions. This page is generated
from its schemas; names are those of the model, Aiven's provider, with `aiven_` replaced.

## Before you use it

**A token lands in the state, in plain text.** `full_token` is sensitive: Terraform does not print
it, and stores it all the same. Whoever reads the state, or a saved plan, has the token. So:

- keep the state in a backend that encrypts it, and let nobody read it who may not have the tokens;
- give tokens a short `max_age_seconds` and an `ip_allowlist`;
- or keep tokens out of Terraform: manage users, groups and permissions here, and make tokens with
  `appusers token generate`, which prints one for a secret store.

The token that the provider itself works with is not in the state. A saved plan has the values of
variables, though: leave it to APPUSERS_TOKEN.

**It is experimental**, because of what it is made with:

- it is written in Python, with the framework [`tf`](https://pypi.org/project/tf/), and needs the
  Python environment of this package on every machine that runs Terraform; Windows only by WSL;
- it is in no registry: `appusers terraform install` puts it into the folder of plugins of whoever
  runs it. `.terraform.lock.hcl` has one checksum, the same on every machine;
- the framework has no write-only arguments and no ephemeral resources, which is why a token cannot
  be kept out of the state; and no `moved` between types. Nested values are plain objects, without
  descriptions of their own;
- between Terraform and the provider is a socket in a folder of its user alone, with a certificate
  that the framework keeps in `~/.cache/tf-python-provider`.

## What to expect

- **Drift.** A token that was revoked, has expired or was deleted elsewhere is planned anew, with a
  warning that says why; so are users, groups, memberships and permissions that are gone. A user
  or a token that was deactivated stays as it is, for that can be taken back.
- **Nothing is forgotten.** What Terraform could not delete stays in the state. To a token that is
  not of the organization everything seems to be missing: it gets an error, and the state stays. So
  does what a token of two organizations finds in the other than `organization_id`; nothing is made
  there.
  A token whose text was lost on the way is tainted, so that the next apply revokes it.
- **A lost answer** to the creation of a user or a group is an error that says whether there is one
  of that name, and by which id to import it. It is not taken up by itself: it may be somebody's.
- **A provider that is killed** (`kill -9`, a machine that stops) may have made what no state has.
  Compare `appusers token list --user USER --never-used` with the state; revoke what is not there.
- **Imports** find everything but a token's text: `full_token` is null after. `keepers` may be left
  out or added: neither makes another token.
"""


def page() -> str:
    """Return the page."""
    lines = [HEAD, "## Configuration of the provider", "", *_table(provider_schema())]
    for resource in RESOURCES:
        lines += [f"## Resource `{PREFIX}{resource.get_name()}`", ""]
        lines += _body(resource.get_schema())
        form = "/".join(name.upper() for name in resource.ID)
        lines += [f"Import: `{form}`.", ""]
    for source in SOURCES:
        lines += [f"## Data source `{PREFIX}{source.get_name()}`", ""]
        lines += _body(source.get_schema())
    return "\n".join(lines).rstrip() + "\n"


def _body(schema: Schema) -> list[str]:
    return [str(schema.description), "", *_table(schema)]


def _table(schema: Schema) -> list[str]:
    rows = [
        f"| `{each.name}` | {_kind(each)} | {_use(each)} | {each.description} |"
        for each in schema.attributes
    ]
    return ["| attribute | type | | |", "|---|---|---|---|", *rows, ""]


def _kind(attribute: Attribute) -> str:
    return _spelt(json.loads(attribute.type.tf_type()))


def _spelt(kind: object) -> str:
    match kind:
        case ["object", _]:
            return "object"
        case [str(outer), inner]:
            return f"{outer} of {_spelt(inner)}"
        case _:
            return str(kind)


def _use(attribute: Attribute) -> str:
    words = [
        word
        for word, is_so in (
            ("required", attribute.required),
            ("optional", attribute.optional),
            ("computed", attribute.computed),
            ("**sensitive**", attribute.sensitive),
            ("makes another", attribute.requires_replace),
            ("deprecated", attribute.deprecated),
        )
        if is_so
    ]
    return ", ".join(words)


if __name__ == "__main__":
    print(page(), end="")
