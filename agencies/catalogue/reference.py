"""Reference data of the catalogue: the 72 service items, stages, qualifications and the market's parameters.

Read once from the dated files in `data/`, checked on reading and against each other, and kept. Pure: no database, no
request. The marks of confidence travel with the rows, since a page shows them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from accounts.reference import departments
from agencies.catalogue.reference_types import (
    CertificateData,
    ConflictData,
    ConflictKind,
    Fund,
    GroupData,
    ItemData,
    Match,
    MethodData,
    Operator,
    ParameterData,
    ParameterUnit,
    ParameterValue,
    Payer,
    PriceRegime,
    QualificationData,
    QualificationDemand,
    QualificationKind,
    RulesData,
    SourceData,
    StageData,
    ThresholdData,
    TieBreakData,
    TimeLimitData,
    TimeLimitKind,
    TimeUnit,
)
from core.datafile import Row, read_datafile, refuse_repeats

DATA: Final = Path(__file__).parent / "data"


@cache
def stages() -> tuple[StageData, ...]:
    """Return the four approval stages, in order."""
    rows = read_datafile(DATA / "stages.toml").rows("stages")
    refuse_repeats(rows, "code")
    return tuple(sorted((_stage(row) for row in rows), key=lambda stage: stage.position))


@cache
def groups() -> tuple[GroupData, ...]:
    """Return the groups A to D of the catalogue, each with the stages its items fall in."""
    known = {stage.code for stage in stages()}
    rows = read_datafile(DATA / "stages.toml").rows("groups")
    refuse_repeats(rows, "code")
    return tuple(_group(row, known) for row in rows)


@cache
def qualifications() -> tuple[QualificationData, ...]:
    """Return the qualification categories the catalogue demands."""
    rows = read_datafile(DATA / "qualifications.toml").rows("qualifications")
    refuse_repeats(rows, "code")
    return tuple(_qualification(row) for row in rows)


@cache
def certificates() -> tuple[CertificateData, ...]:
    """Return the kinds of practitioner certificate."""
    rows = read_datafile(DATA / "qualifications.toml").rows("certificates")
    refuse_repeats(rows, "code")
    return tuple(_certificate(row) for row in rows)


@cache
def conflicts() -> tuple[ConflictData, ...]:
    """Return the pairs of items one agency may not hold in one project, each pair once, by code."""
    return tuple(
        ConflictData(
            kind=row.choice("kind", ConflictKind),
            items=(min(one, other), max(one, other)),
            basis=row.text("basis"),
            confidence=row.text("confidence"),
        )
        for row in read_datafile(DATA / "items.toml").rows("conflicts")
        for one in row.texts("one")
        for other in row.texts("other")
    )


@cache
def items() -> tuple[ItemData, ...]:
    """Return the catalogue, by number; conflicts are closed both ways.

    Raises DataFileError when a row names a stage, department, qualification, grade, certificate or item that
    no file knows, or when a number is left out.
    """
    rows = read_datafile(DATA / "items.toml").rows("items")
    for key in ("code", "number", "name", "name_en"):
        refuse_repeats(rows, key)
    for expected, row in enumerate(rows, start=1):
        if row.integer("number") != expected:
            raise row.refuse("number", f"should be {expected}: numbers run on without gaps")
    closed = _closed_conflicts({row.text("code") for row in rows})
    return tuple(_item(row, closed[row.text("code")]) for row in rows)


@cache
def item(code: str) -> ItemData:
    """Return one item. Raises KeyError when the catalogue has no such code."""
    return _by_code()[code]


@cache
def _by_code() -> Mapping[str, ItemData]:
    return {one.code: one for one in items()}


@cache
def sources() -> Mapping[str, SourceData]:
    """Return the public sources the files cite, by mark (`F 34`)."""
    found: dict[str, SourceData] = {}
    for name in ("items.toml", "rules.toml"):
        for row in read_datafile(DATA / name).rows("sources"):
            row.only("mark", "title", "address")
            mark = row.text("mark")
            found[mark] = SourceData(mark, row.text("title"), row.text("address"))
    return found


@cache
def rules() -> RulesData:
    """Return the market's parameters, methods and tie-breaks, every dated row of them."""
    file = read_datafile(DATA / "rules.toml")
    file.only("parameters", "methods", "tie_breaks", "sources")
    refuse_repeats(file.rows("parameters"), "key", "fund", "valid_from")
    refuse_repeats(file.rows("methods"), "code", "fund", "valid_from")
    return RulesData(
        parameters=tuple(_parameter(row) for row in file.rows("parameters")),
        methods=tuple(_method(row) for row in file.rows("methods")),
        tie_breaks=tuple(
            TieBreakData(row.integer("position"), row.text("code"), row.text("name"), row.text("name_en"))
            for row in file.rows("tie_breaks")
        ),
    )


def parameter(key: str, fund: Fund, on: date) -> ParameterValue:
    """Return the value of a parameter on a day. Raises KeyError when none is in force."""
    return rules().parameter(key, fund, on).value


def _closed_conflicts(known: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    against: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_datafile(DATA / "items.toml").rows("conflicts"):
        row.only("kind", "one", "other", "basis", "confidence")
        for key in ("one", "other"):
            for code in row.texts(key):
                if code not in known:
                    raise row.refuse(key, f"{code!r} is no item of this file")
    for pair in conflicts():
        one, other = pair.items
        against[one].add(other)
        against[other].add(one)
    return {code: tuple(sorted(against[code])) for code in known}


def _known(row: Row, key: str, known: Collection[str]) -> tuple[str, ...]:
    codes = row.texts(key)
    for code in codes:
        if code not in known:
            raise row.refuse(key, f"{code!r} is not defined")
    return codes


def _stage(row: Row) -> StageData:
    row.only(
        *("code", "position", "name", "name_en", "covers"),
        *("basis", "confidence", "valid_from"),
    )
    return StageData(
        code=row.text("code"),
        position=row.integer("position"),
        name=row.text("name"),
        name_en=row.text("name_en"),
        covers=row.text("covers"),
        basis=row.text("basis"),
        confidence=row.text("confidence"),
        valid_from=row.day("valid_from"),
    )


def _group(row: Row, known: Collection[str]) -> GroupData:
    row.only("code", "name", "name_en", "stages")
    return GroupData(
        code=row.text("code"),
        name=row.text("name"),
        name_en=row.text("name_en"),
        stages=_known(row, "stages", known),
    )


def _qualification(row: Row) -> QualificationData:
    row.only(
        *("code", "name", "name_en", "kind", "grades", "authority"),
        *("authority_en", "basis", "confidence", "valid_from"),
    )
    return QualificationData(
        code=row.text("code"),
        name=row.text("name"),
        name_en=row.text("name_en"),
        kind=row.choice("kind", QualificationKind),
        grades=row.texts("grades"),
        authority=row.text("authority"),
        authority_en=row.text("authority_en"),
        basis=row.text("basis", empty=True),
        confidence=row.text("confidence"),
        valid_from=row.day("valid_from"),
    )


def _certificate(row: Row) -> CertificateData:
    row.only("code", "name", "name_en", "grades", "confidence")
    code, name, name_en = (row.text(key) for key in ("code", "name", "name_en"))
    return CertificateData(code, name, name_en, row.texts("grades"), row.text("confidence"))


ITEM_KEYS: Final = (
    *("number", "code", "name", "name_en", "aliases", "group", "stage", "approval", "approval_en"),
    *("departments", "qualifications", "qualification_match", "commitment_only", "practitioners"),
    *("self_prepare_allowed", "who_pays", "price_regime", "price_regime_alternative"),
    *("schedules", "fee_services", "other_documents", "deliverable", "legal_basis", "confidence"),
    *("qualification_confidence", "price_confidence", "valid_from", "valid_to", "remarks"),
    *("time_limits", "thresholds"),
)


def _item(row: Row, against: tuple[str, ...]) -> ItemData:
    row.only(*ITEM_KEYS)
    _refuse_misplaced(row)
    return ItemData(
        number=row.integer("number"),
        code=row.text("code"),
        name=row.text("name"),
        name_en=row.text("name_en"),
        aliases=row.texts("aliases"),
        group=row.text("group"),
        stage=row.text("stage"),
        approval=row.text("approval"),
        approval_en=row.text("approval_en"),
        departments=_known(row, "departments", {one.code for one in departments()}),
        qualifications=_demands(row),
        qualification_match=row.choice("qualification_match", Match),
        commitment_only=row.flag("commitment_only"),
        practitioners=_known(row, "practitioners", {one.code for one in certificates()}),
        self_prepare_allowed=_true_false_unknown(row, "self_prepare_allowed"),
        who_pays=row.choice("who_pays", Payer),
        price_regime=row.choice("price_regime", PriceRegime),
        price_regime_alternative=(
            row.choice("price_regime_alternative", PriceRegime) if row.has("price_regime_alternative") else None
        ),
        schedules=row.texts("schedules"),
        fee_services=_fee_services(row),
        other_documents=row.texts("other_documents"),
        time_limits=tuple(_time_limit(limit) for limit in row.rows("time_limits")),
        thresholds=tuple(_threshold(one) for one in row.rows("thresholds")),
        deliverable=row.text("deliverable"),
        conflicts=against,
        legal_basis=row.text("legal_basis", empty=True),
        confidence=row.text("confidence"),
        qualification_confidence=row.text("qualification_confidence"),
        price_confidence=row.text("price_confidence"),
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        remarks=row.text_or("remarks", ""),
    )


def _fee_services(row: Row) -> tuple[tuple[str, str], ...]:
    """Return the services meant, by document. Raises DataFileError for a document the item does not name."""
    if not row.has("fee_services"):
        return ()
    services = row.row("fee_services")
    services.only(*row.texts("schedules"))
    return tuple((document, services.text(document)) for document in services.values)


def _refuse_misplaced(row: Row) -> None:
    group = next((one for one in groups() if one.code == row.text("group")), None)
    if group is None:
        raise row.refuse("group", f"{row.text('group')!r} is not defined")
    if row.text("stage") not in group.stages:
        raise row.refuse("stage", f"{row.text('stage')!r} is no stage of group {group.code}")
    expected = f"DG-{group.code}-{row.integer('number'):02d}"
    if row.text("code") != expected:
        raise row.refuse("code", f"should be {expected}")


def _true_false_unknown(row: Row, key: str) -> bool | None:
    if row.values.get(key) == "unknown":
        return None
    return row.flag(key)


def _demands(row: Row) -> tuple[QualificationDemand, ...]:
    demands = tuple(_demand(demand) for demand in row.rows("qualifications"))
    if demands and row.flag("commitment_only"):
        raise row.refuse("commitment_only", "is true although qualifications are demanded")
    return demands


def _demand(row: Row) -> QualificationDemand:
    row.only("category", "grade")
    category, grade = row.text("category"), row.text("grade", empty=True)
    known = {one.code: one for one in qualifications()}
    if category not in known:
        raise row.refuse("category", f"{category!r} is not defined")
    if grade and grade not in known[category].grades:
        raise row.refuse("grade", f"{grade!r} is no grade of {category}")
    return QualificationDemand(category, grade)


def _time_limit(row: Row) -> TimeLimitData:
    row.only("value", "unit", "what", "text", "source", "confidence")
    return TimeLimitData(
        value=row.integer("value"),
        unit=row.choice("unit", TimeUnit),
        what=row.choice("what", TimeLimitKind),
        text=row.text("text"),
        source=row.text("source"),
        confidence=row.text("confidence"),
    )


def _threshold(row: Row) -> ThresholdData:
    row.only(
        *("outcome", "outcome_name", "variable", "operator", "value"),
        *("unit", "text", "citation", "confidence"),
    )
    return ThresholdData(
        outcome=row.text("outcome"),
        outcome_name=row.text("outcome_name"),
        variable=row.text("variable"),
        operator=row.choice("operator", Operator),
        value=row.decimal("value"),
        unit=row.text("unit"),
        text=row.text("text"),
        citation=row.text("citation"),
        confidence=row.text("confidence"),
    )


def _parameter(row: Row) -> ParameterData:
    row.only("key", "fund", "name", "name_en", "value", "unit", "valid_from", "basis", "confidence")
    unit = row.choice("unit", ParameterUnit)
    value: ParameterValue
    if unit is ParameterUnit.FLAG:
        value = row.flag("value")
    elif unit is ParameterUnit.RATIO:
        value = row.decimal("value")
    else:
        value = row.integer("value")
    return ParameterData(
        key=row.text("key"),
        fund=row.choice("fund", Fund),
        name=row.text("name"),
        name_en=row.text("name_en"),
        value=value,
        unit=unit,
        valid_from=row.day("valid_from"),
        basis=row.text("basis"),
        confidence=row.text("confidence"),
    )


def _method(row: Row) -> MethodData:
    row.only(
        *("code", "fund", "name", "name_en", "enabled"),
        *("needs_legal_basis", "valid_from", "basis", "confidence"),
    )
    if row.flag("enabled") and row.flag("needs_legal_basis"):
        raise row.refuse("enabled", "is true although no legal basis is recorded yet")
    return MethodData(
        code=row.text("code"),
        fund=row.choice("fund", Fund),
        name=row.text("name"),
        name_en=row.text("name_en"),
        enabled=row.flag("enabled"),
        needs_legal_basis=row.flag("needs_legal_basis"),
        valid_from=row.day("valid_from"),
        basis=row.text("basis"),
        confidence=row.text("confidence"),
    )
