"""Who may follow notices: anybody signed in for an organisation; each keeps their own."""

from __future__ import annotations

from typing import Any, Final

from accounts.permissions import owns
from core.access import Actor, Policy, is_signed_in


def acts_for_somebody(actor: Actor, _subject: Any) -> bool:
    """Hold for a person who acts for an organisation: alerts come into its inbox."""
    return actor.org_id is not None


POLICY: Final[Policy] = {
    "saved_search:make": [[is_signed_in, acts_for_somebody]],
    "saved_search:keep": [[owns]],
}
