"""Reference data of people and places: divisions, departments, and the materials an agency hands in.

Read once from the dated files in `data/`, checked on reading, and kept. Pure: no database, no request. Whoever stores
these rows in tables reads them here.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from core.datafile import Row, read_datafile, refuse_repeats

DATA: Final = Path(__file__).parent / "data"
GRID_SIDE: Final = 8


class DivisionKind(StrEnum):
    """What a division is: subdistrict (街道), town (镇) or functional park (园区)."""

    STREET = "street"
    TOWN = "town"
    PARK = "park"


class DepartmentKind(StrEnum):
    """To whom a department answers; a utility is no authority and decides nothing."""

    CITY = "city"
    VERTICAL = "vertical"
    PROVINCE = "province"
    PARTY = "party"
    UTILITY = "utility"


class DepartmentRole(StrEnum):
    """What a department may be in the market."""

    INDUSTRY = "industry"
    PRICE_REGULATOR = "price_regulator"
    CITY_OPERATOR = "city_operator"


class MaterialSubject(StrEnum):
    """Whom a material is about."""

    AGENCY = "agency"
    DELEGATE = "delegate"
    PRACTITIONER = "practitioner"


class MaterialNeed(StrEnum):
    """When a material is asked for."""

    ALWAYS = "always"
    WITH_QUALIFICATION = "with_qualification"
    WITHOUT_QUALIFICATION = "without_qualification"
    WITH_PRACTITIONERS = "with_practitioners"


class Importance(StrEnum):
    """Key (主要) blocks entry while missing; secondary (次要) may follow with an undertaking."""

    KEY = "key"
    SECONDARY = "secondary"


@dataclass(frozen=True)
class CityData:
    """The city itself."""

    code: str
    name: str
    name_en: str
    source: str
    valid_from: date


@dataclass(frozen=True)
class DivisionData:
    """A subdistrict, town or park.

    code: nine digits, or `local-NN` for an area without a public code. counted: among the 35 the market works with.
    row, col: cell of the tile map, 1 to 8, from the north and from the west.
    """

    code: str
    name: str
    name_en: str
    kind: DivisionKind
    counted: bool
    row: int
    col: int
    source: str
    valid_from: date


@dataclass(frozen=True)
class DepartmentData:
    """A department the catalogue names, under its present name."""

    code: str
    name: str
    short_name: str
    name_en: str
    kind: DepartmentKind
    roles: tuple[DepartmentRole, ...]
    confidence: str
    valid_from: date
    valid_to: date | None
    remarks: str


@dataclass(frozen=True)
class MaterialData:
    """A paper asked for when an agency joins.

    checkable: the operator can look it up in `shared_from` instead of asking.
    """

    code: str
    name: str
    name_en: str
    subject: MaterialSubject
    needed: MaterialNeed
    importance: Importance
    checkable: bool
    shared_from: str
    source: str
    valid_from: date


@dataclass(frozen=True)
class CorrectionReason:
    """Why a material does not do, and how to put it right.

    materials: the codes it fits; empty fits any.
    """

    code: str
    materials: tuple[str, ...]
    why: str
    why_en: str
    how: str
    how_en: str

    def fits(self, material: str) -> bool:
        """Tell whether the reason can be said of the material."""
        return not self.materials or material in self.materials


@cache
def city() -> CityData:
    """Return Dongguan."""
    row = read_datafile(DATA / "divisions.toml").row("city")
    row.only("code", "name", "name_en", "source", "valid_from")
    return CityData(
        code=row.text("code"),
        name=row.text("name"),
        name_en=row.text("name_en"),
        source=row.text("source"),
        valid_from=row.day("valid_from"),
    )


@cache
def all_divisions() -> tuple[DivisionData, ...]:
    """Return every division with a cell on the map: the 35 and the two areas with a local code."""
    rows = read_datafile(DATA / "divisions.toml").rows("divisions")
    for keys in (("code",), ("name",), ("name_en",), ("row", "col")):
        refuse_repeats(rows, *keys)
    return tuple(_division(row) for row in rows)


@cache
def divisions() -> tuple[DivisionData, ...]:
    """Return the 35 towns, streets and parks, by code. Why these 35 is said in the file."""
    return tuple(one for one in all_divisions() if one.counted)


@cache
def departments() -> tuple[DepartmentData, ...]:
    """Return the departments, in the order of the file."""
    rows = read_datafile(DATA / "departments.toml").rows("departments")
    refuse_repeats(rows, "code", "valid_from")
    return tuple(_department(row) for row in rows)


@cache
def materials() -> tuple[MaterialData, ...]:
    """Return the materials demanded at entry, in the order an agency meets them."""
    rows = read_datafile(DATA / "materials.toml").rows("materials")
    refuse_repeats(rows, "code")
    return tuple(_material(row) for row in rows)


@cache
def correction_reasons() -> tuple[CorrectionReason, ...]:
    """Return the library of reasons for a correction list.

    Raises DataFileError when a reason names a material that does not exist.
    """
    known = {material.code for material in materials()}
    rows = read_datafile(DATA / "materials.toml").rows("reasons")
    refuse_repeats(rows, "code")
    for row in rows:
        for code in row.texts("materials"):
            if code not in known:
                raise row.refuse("materials", f"{code!r} is no material of this file")
    return tuple(_reason(row) for row in rows)


def reasons_for(material: str) -> tuple[CorrectionReason, ...]:
    """Return the reasons that can be said of one material."""
    return tuple(reason for reason in correction_reasons() if reason.fits(material))


def _division(row: Row) -> DivisionData:
    row.only("code", "name", "name_en", "kind", "counted", "row", "col", "source", "valid_from")
    for key in ("row", "col"):
        if not 1 <= row.integer(key) <= GRID_SIDE:
            raise row.refuse(key, f"lies outside the map of 1 to {GRID_SIDE}")
    return DivisionData(
        code=row.text("code"),
        name=row.text("name"),
        name_en=row.text("name_en"),
        kind=row.choice("kind", DivisionKind),
        counted=row.flag("counted"),
        row=row.integer("row"),
        col=row.integer("col"),
        source=row.text("source"),
        valid_from=row.day("valid_from"),
    )


def _department(row: Row) -> DepartmentData:
    row.only(
        *("code", "name", "short_name", "name_en", "kind", "roles"),
        *("confidence", "valid_from", "valid_to", "remarks"),
    )
    return DepartmentData(
        code=row.text("code"),
        name=row.text("name"),
        short_name=row.text("short_name"),
        name_en=row.text("name_en"),
        kind=row.choice("kind", DepartmentKind),
        roles=row.choices("roles", DepartmentRole),
        confidence=row.text("confidence"),
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        remarks=row.text_or("remarks", ""),
    )


def _material(row: Row) -> MaterialData:
    row.only(
        *("code", "name", "name_en", "subject", "needed", "importance"),
        *("checkable", "shared_from", "source", "valid_from"),
    )
    if row.flag("checkable") and not row.text("shared_from", empty=True):
        raise row.refuse("shared_from", "is empty, although the material is checkable")
    return MaterialData(
        code=row.text("code"),
        name=row.text("name"),
        name_en=row.text("name_en"),
        subject=row.choice("subject", MaterialSubject),
        needed=row.choice("needed", MaterialNeed),
        importance=row.choice("importance", Importance),
        checkable=row.flag("checkable"),
        shared_from=row.text("shared_from", empty=True),
        source=row.text("source"),
        valid_from=row.day("valid_from"),
    )


def _reason(row: Row) -> CorrectionReason:
    row.only("code", "materials", "why", "why_en", "how", "how_en")
    return CorrectionReason(
        code=row.text("code"),
        materials=row.texts("materials"),
        why=row.text("why"),
        why_en=row.text("why_en"),
        how=row.text("how"),
        how_en=row.text("how_en"),
    )
