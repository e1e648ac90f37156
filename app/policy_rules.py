"""What an organization's policy asks of a token that is about to be made.

Nothing here reads a clock or a database. What the policy does to tokens that exist is said once, in
the statements of ``db.policies`` and in ``look_up_presented_tokens``, by the database's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app import bounds
from app.bounds import Block, Network
from app.errors import Code, FieldProblem


@dataclass(frozen=True, slots=True)
class Policy:
    """What every token of an application user has to comply with; None asks for nothing."""

    allowed_networks: tuple[Network, ...] | None = None
    longest_max_age_seconds: int | None = None
    """Counted from a token's creation, however often it is extended."""
    expiry_required: bool = False
    deactivate_unused_after_days: int | None = None
    revoke_unused_after_days: int | None = None


def problems(
    policy: Policy, *, max_age_seconds: int | None, ip_allowlist: Sequence[Network] | None
) -> list[FieldProblem]:
    """Return why the policy would block a token from birth, named as ``generateToken`` does."""
    found: list[FieldProblem] = []
    longest = policy.longest_max_age_seconds
    if max_age_seconds is None and (policy.expiry_required or longest is not None):
        bound = "" if longest is None else f" of at most {longest}"
        found.append(
            FieldProblem(
                "maxAgeSeconds",
                Code.REQUIRED,
                f"The organization's policy asks for maxAgeSeconds{bound}.",
            )
        )
    if max_age_seconds is not None and longest is not None and max_age_seconds > longest:
        found.append(
            FieldProblem(
                "maxAgeSeconds",
                Code.OUT_OF_RANGE,
                f"The longest maxAgeSeconds that the organization's policy allows is {longest}.",
            )
        )
    allowed = policy.allowed_networks
    if allowed is not None and ip_allowlist is not None and not _meet(ip_allowlist, allowed):
        found.append(
            FieldProblem(
                "ipAllowlist",
                Code.NOT_ALLOWED,
                "Nothing of ipAllowlist is inside the networks that the organization's policy"
                " allows, which organizationPolicy lists.",
            )
        )
    return found


def _meet(some: Sequence[Network], others: Sequence[Network]) -> bool:
    return any(
        one.version == other.version and one.overlaps(other) for one in some for other in others
    )


def is_as_strict(policy: Policy, other: Policy) -> bool:
    """Tell whether a policy lets nothing pass that another one keeps out."""
    networks, others = policy.allowed_networks, other.allowed_networks
    return (
        (others is None or _are_inside(networks, others))
        and _at_most(policy.longest_max_age_seconds, other.longest_max_age_seconds)
        and (policy.expiry_required or not other.expiry_required)
        and _at_most(policy.deactivate_unused_after_days, other.deactivate_unused_after_days)
        and _at_most(policy.revoke_unused_after_days, other.revoke_unused_after_days)
    )


def _are_inside(networks: tuple[Network, ...] | None, others: tuple[Network, ...]) -> bool:
    blocks = bounds.widest(others)
    return networks is not None and all(bounds.holds(blocks, Block.of(one)) for one in networks)


def _at_most(bound: int | None, other: int | None) -> bool:
    return other is None or (bound is not None and bound <= other)
