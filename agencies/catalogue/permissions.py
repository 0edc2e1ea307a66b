"""Who may change what the catalogue allows."""

from __future__ import annotations

from typing import Final

from core.access import Policy, is_administration, may_act

POLICY: Final[Policy] = {"catalogue:switch-method": [[is_administration, may_act]]}
