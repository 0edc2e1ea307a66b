"""Who may do what: actors, predicates, policies. Pure; denies by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from core.errors import Forbidden, SignInRequired


class OrgKind(StrEnum):
    """What kind of organisation a person acts for (domain paper, section 2)."""

    ENTERPRISE = "enterprise"
    AGENCY = "agency"
    DEPARTMENT = "department"
    CITY_OPERATOR = "city_operator"
    TOWN_OPERATOR = "town_operator"
    PRICE_REGULATOR = "price_regulator"
    ASSOCIATION = "association"
    EVALUATOR = "evaluator"
    ADMINISTRATION = "administration"


class MemberRole(StrEnum):
    """What a person may do inside the organisation: manage it, act for it, or only look."""

    MANAGER = "manager"
    DELEGATE = "delegate"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: nobody, a person acting for an organisation, or the system itself."""

    user_id: int | None = None
    org_id: int | None = None
    org_kind: OrgKind | None = None
    role: MemberRole | None = None
    town_code: str | None = None
    is_system: bool = False
    second_factor: bool = False
    scopes: frozenset[str] | None = field(default=None)

    @property
    def signed_in(self) -> bool:
        """Say whether a person is behind this actor."""
        return self.user_id is not None

    def is_of(self, org_id: int | None) -> bool:
        """Say whether this actor acts for that organisation; nobody acts for none."""
        return self.org_id is not None and self.org_id == org_id


ANONYMOUS = Actor()
SYSTEM = Actor(is_system=True)

Predicate: TypeAlias = Callable[[Actor, Any], bool]
Policy: TypeAlias = Mapping[str, Sequence[Sequence[Predicate]]]


def allows(policy: Policy, permission: str, actor: Actor, subject: Any = None) -> bool:
    """Say whether any clause of the permission holds whole; an empty clause never does.

    Raises KeyError for an unknown permission.
    """
    clauses = (clause for clause in policy[permission] if clause)
    return any(all(predicate(actor, subject) for predicate in clause) for clause in clauses)


def require(policy: Policy, permission: str, actor: Actor, subject: Any = None) -> None:
    """Refuse unless the policy allows.

    Raises SignInRequired for a stranger, Forbidden for anybody else; an error inside a predicate denies by passing on.
    """
    if allows(policy, permission, actor, subject):
        return
    if not actor.signed_in and not actor.is_system:
        raise SignInRequired("sign-in-required")
    raise Forbidden("not-allowed", permission=permission)


def anybody(_actor: Actor, _subject: Any) -> bool:
    """Hold for everyone, signed in or not."""
    return True


def is_system(actor: Actor, _subject: Any) -> bool:
    """Hold for the system's own jobs."""
    return actor.is_system


def is_signed_in(actor: Actor, _subject: Any) -> bool:
    """Hold for any person signed in."""
    return actor.signed_in


def of_kind(*kinds: OrgKind) -> Predicate:
    """Return a predicate that holds for people acting for organisations of these kinds."""

    def is_of_kind(actor: Actor, _subject: Any) -> bool:
        return actor.org_kind in kinds

    is_of_kind.__name__ = "is_" + "_or_".join(kinds)
    return is_of_kind


def may_act(actor: Actor, _subject: Any) -> bool:
    """Hold for managers and delegates, not for readers."""
    return actor.role in {MemberRole.MANAGER, MemberRole.DELEGATE}


def is_manager(actor: Actor, _subject: Any) -> bool:
    """Hold for managers of their organisation."""
    return actor.role is MemberRole.MANAGER


is_enterprise = of_kind(OrgKind.ENTERPRISE)
is_agency = of_kind(OrgKind.AGENCY)
is_town_operator = of_kind(OrgKind.TOWN_OPERATOR)
is_city_operator = of_kind(OrgKind.CITY_OPERATOR)
is_price_regulator = of_kind(OrgKind.PRICE_REGULATOR)
is_department = of_kind(OrgKind.DEPARTMENT)
is_administration = of_kind(OrgKind.ADMINISTRATION)
is_city_staff = of_kind(OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION)
is_staff = of_kind(
    OrgKind.TOWN_OPERATOR, OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION, OrgKind.DEPARTMENT
)


def in_town(actor: Actor, subject: Any) -> bool:
    """Hold when the subject lies in the actor's town."""
    return actor.town_code is not None and actor.town_code == getattr(subject, "town_code", None)


def is_author(actor: Actor, subject: Any) -> bool:
    """Hold for the person who wrote what is to be judged, by its `author_id`."""
    return actor.user_id is not None and actor.user_id == getattr(subject, "author_id", None)


def is_second_person(actor: Actor, subject: Any) -> bool:
    """Hold for anybody but the person who wrote what is to be judged."""
    author = getattr(subject, "author_id", None)
    return actor.user_id is not None and author is not None and actor.user_id != author
