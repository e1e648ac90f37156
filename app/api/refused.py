"""What members of an organization were refused, for its audit trail."""

from collections.abc import Sequence

from graphql import FieldNode, GraphQLError

from app.audit import Action, Target
from app.errors import Failure
from app.refusals import Refusals


def note(refusals: Refusals, name: str, failure: Failure) -> None:
    """Note a failure that was a refusal, with the name of the field it came from.

    Somebody from outside the organization is none of its affairs.
    """
    if failure.refusal is None or failure.refused is None:
        return
    organization_id, author = failure.refused
    refusals.note(
        organization_id,
        author,
        Action.ACCESS_REQUEST,
        Target("ORGANIZATION", organization_id),
        f"{name}: {failure.refusal}",
    )


def note_errors(refusals: Refusals, errors: Sequence[GraphQLError]) -> None:
    """Note the refusals among the errors of an answer."""
    for error in errors:
        raised = error.original_error
        while isinstance(raised, GraphQLError):
            raised = raised.original_error
        if isinstance(raised, Failure) and raised.refusal is not None:
            note(refusals, _field(error), raised)


def _field(error: GraphQLError) -> str:
    """Return the name of the field that an error comes from, whatever alias it was given.

    An alias is the caller's own text, and does not go into the trail.
    """
    node = error.nodes[0] if error.nodes else None
    return node.name.value if isinstance(node, FieldNode) else "request"
