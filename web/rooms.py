"""Which rooms there are, and what each gives the application: pages, API, rights, sentences, panels, commands."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from flask import Flask

from accounts.telling import Telling
from accounts.viewer import Viewer
from core.access import OrgKind, Policy
from core.i18n import lazy_gettext as _l

ROOMS: Final = (
    "accounts",
    "agencies.catalogue",
    "agencies.registration",
    "agencies.fees",
    "agencies.revisions",
    "agencies.rulebook",
    "marketplace.needs",
    "marketplace.quotes",
    "marketplace.selection",
    "marketplace.frameworks",
    "marketplace.contracts",
    "marketplace.projects",
    "marketplace.complaints",
    "ratings",
    "search",
    "admin.performance",
    "admin.compliance",
    "admin.oversight",
    "admin.impact",
    "admin.audits",
    "admin.guide",
    "admin.consultation",
    "admin.dossiers",
    "admin.window",
    "web.home",
)
STAFF: Final = (OrgKind.CITY_OPERATOR, OrgKind.TOWN_OPERATOR, OrgKind.ADMINISTRATION, OrgKind.PRICE_REGULATOR)


def parts(file: str) -> Iterator[Any]:
    """Yield the module of this name in every room that has one, lowest room first."""
    for room in ROOMS:
        name = f"{room}.{file}"
        if importlib.util.find_spec(name) is not None:
            yield importlib.import_module(name)


def pages() -> list[Any]:
    """Return every room's blueprint of pages."""
    return [module.pages for module in parts("views")]


def apis() -> list[Any]:
    """Return every room's blueprint of the API."""
    return [module.api for module in parts("api")]


def policy() -> Policy:
    """Merge the rooms' policies. Raises RuntimeError when two rooms claim one permission."""
    merged: dict[str, Any] = {}
    for module in parts("permissions"):
        for permission, clauses in module.POLICY.items():
            if permission in merged:
                raise RuntimeError(f"two rooms claim {permission}")
            merged[permission] = clauses
    return merged


def sentences() -> Mapping[str, Any]:
    """Merge the sentences of the rooms' refusals."""
    return {code: text for module in parts("refusals") for code, text in module.SENTENCES.items()}


def messages() -> Mapping[str, Any]:
    """Merge the sentences of what organisations are told."""
    found: dict[str, Any] = {}
    for file in ("refusals", "messages"):
        for module in parts(file):
            found.update(getattr(module, "MESSAGES", {}))
    return found


def tellings() -> Iterator[Telling]:
    """Yield the rows of who is told what, room by room."""
    for file in ("refusals", "messages"):
        for module in parts(file):
            yield from getattr(module, "TELLINGS", ())


def agency_panels() -> list[Any]:
    """Return what upper rooms show on an agency's page."""
    return [module.agency_panel for module in parts("panels") if hasattr(module, "agency_panel")]


def sources() -> list[Any]:
    """Return what rooms above the search give to it."""
    return [module.SOURCE for module in parts("indexing")]


def desk_panels() -> list[Any]:
    """Return what the rooms show on a person's desk."""
    return [module.desk_panels for module in parts("panels") if hasattr(module, "desk_panels")]


def calendar_entries() -> list[Any]:
    """Return what the rooms put into an organisation's calendar."""
    return [module.calendar_entries for module in parts("panels") if hasattr(module, "calendar_entries")]


def commands(app: Flask) -> None:
    """Add the command line's verbs."""
    from web import cli  # noqa: PLC0415 - the command line imports the rooms, which import this

    cli.install(app)


def search_health() -> str:
    """Say how the search index is: ok, missing or broken."""
    from search import service  # noqa: PLC0415 - health is asked seldom, the index opens slowly

    return str(service.health())


@cache
def _places() -> tuple[tuple[Any, str, frozenset[OrgKind] | None], ...]:
    return (
        (_l("找机构"), "/services", None),
        (_l("看公告"), "/needs", None),
        (_l("项目计划"), "/projects", frozenset({OrgKind.ENTERPRISE})),
        (_l("收费标准"), "/fees", None),
        (_l("履约看板"), "/performance", frozenset(STAFF)),
        (_l("收费核查"), "/cases", frozenset({OrgKind.PRICE_REGULATOR, OrgKind.CITY_OPERATOR, OrgKind.AGENCY})),
        (_l("成果审查"), "/outcomes", frozenset({OrgKind.DEPARTMENT, OrgKind.CITY_OPERATOR})),
        (_l("价格月报"), "/bulletins", frozenset({OrgKind.PRICE_REGULATOR})),
        (_l("开放数据"), "/open-data", None),
        (_l("办事指南"), "/guide", None),
    )


def navigation(person: Viewer, path: str) -> list[tuple[str, str, bool]]:
    """Return the site's main places for this person: label, address, and whether the reader is there."""
    found = [(str(_l("工作台")), "/desk", path.startswith("/desk"))] if person.signed_in else []
    for label, url, kinds in _places():
        if kinds is None or person.actor.org_kind in kinds:
            found.append((str(label), url, path.startswith(url)))
    return found


def footer() -> list[tuple[str, str]]:
    """Return the links at the foot of every page."""
    links = (
        (_l("无障碍"), "/accessibility"),
        (_l("隐私"), "/privacy"),
        (_l("运行状态"), "/status"),
        (_l("核验文书"), "/verify"),
    )
    return [(str(label), url) for label, url in links]
