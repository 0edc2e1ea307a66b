"""Names of towns, streets and parks in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from accounts.reference import all_divisions, divisions
from core.i18n import current_lang


@cache
def _known() -> Mapping[str, Any]:
    return {one.code: one for one in all_divisions()}


def town_name(code: str) -> str:
    """Return the name of a town, street or park; an unknown code stands for itself."""
    found = _known().get(code)
    if found is None:
        return code
    return str(found.name_en if current_lang() == "en" else found.name)


def town_names() -> dict[str, str]:
    """Return the names of the 35 by code."""
    return {one.code: town_name(one.code) for one in divisions()}
