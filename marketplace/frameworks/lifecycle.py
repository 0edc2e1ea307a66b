"""The lives of a framework agreement and of an agency's membership in one. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class FrameworkState(StrEnum):
    """Where a framework stands: written, asking for quotes, its panel public, in force, or over."""

    DRAFT = "draft"
    INVITING = "inviting"
    PROVISIONAL = "provisional"
    SUSPENDED = "suspended"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    CLOSED = "closed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class MemberState(StrEnum):
    """Whether an agency is still of the panel."""

    MEMBER = "member"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class Way(StrEnum):
    """How a purchase is called off, fixed in the framework's notice."""

    DIRECT = "direct"
    ROTATION = "rotation"
    PRICE = "price"
    MERIT = "merit"


class Entry(StrEnum):
    """What ranks the quotes of the panel stage."""

    PRICE = "price"
    CREDIT = "credit"


class Leaving(StrEnum):
    """Why an agency leaves a panel of its own will."""

    CAPACITY = "capacity"
    COST = "cost"
    CLOSING = "closing"
    OTHER = "other"


class Removal(StrEnum):
    """Why an enterprise takes an agency out of a panel."""

    UNFIT = "unfit"
    REFUSED = "refused"
    BREACH = "breach"
    AGREED = "agreed"


_S = FrameworkState
_M = MemberState
PUBLICITY: Final = "framework.publicity"
SUSPENSION: Final = "framework.suspension"
END: Final = "framework.end"
IN_PUBLICITY: Final = (_S.PROVISIONAL, _S.SUSPENDED)
PUBLIC: Final = tuple(state for state in _S if state is not _S.DRAFT)

NOBODY_LEFT: Final = "no-members"
"""Why a framework ended that all its members have left."""

FRAMEWORK: Final = Lifecycle(
    "framework",
    FrameworkState,
    initial=_S.DRAFT,
    moves=[
        Move("publish", "published", (_S.DRAFT,), _S.INVITING, needs=("notice-sound",)),
        Move("withdraw", "withdrawn", (_S.DRAFT, _S.INVITING), _S.WITHDRAWN, needs=("reason",)),
        Move("fail", "failed", (_S.INVITING,), _S.FAILED, needs=("panel-missing",)),
        Move("admit", "admitted", (_S.INVITING,), _S.PROVISIONAL, needs=("panel",), sets=(PUBLICITY,)),
        Move(
            "confirm", "confirmed", (_S.PROVISIONAL,), _S.IN_FORCE,
            needs=("publicity-over",), sets=(END,), drops=(PUBLICITY,),
        ),
        Move("suspend", "suspended", (_S.PROVISIONAL,), _S.SUSPENDED, ("complaint",), (SUSPENSION,), (PUBLICITY,)),
        Move("resume", "resumed", (_S.SUSPENDED,), _S.PROVISIONAL, sets=(PUBLICITY,), drops=(SUSPENSION,)),
        Move("annul", "annulled", IN_PUBLICITY, _S.FAILED, ("reason",), drops=(PUBLICITY, SUSPENSION)),
        Move("close", "closed", (_S.IN_FORCE,), _S.CLOSED, needs=("reason",), drops=(END,)),
        Move("expire", "expired", (_S.IN_FORCE,), _S.EXPIRED, needs=("deadline-passed",), drops=(END,)),
    ],
)  # fmt: skip

MEMBER: Final = Lifecycle(
    "framework_member",
    MemberState,
    initial=_M.MEMBER,
    moves=[
        Move("withdraw", "withdrawn", (_M.MEMBER,), _M.WITHDRAWN, needs=("typed-cause", "reason")),
        Move("remove", "removed", (_M.MEMBER,), _M.REMOVED, needs=("typed-cause", "reason")),
    ],
)
