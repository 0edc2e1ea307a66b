"""Shapes of the catalogue's reference data: frozen rows and the closed lists of words in them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class PriceRegime(StrEnum):
    """How the price of an item is made: market, set by government, free to the enterprise, or by reference only."""

    MARKET = "market"
    GOVERNMENT = "government"
    ZERO = "zero"
    REFERENCE = "reference"


class Payer(StrEnum):
    """Who pays the agency; unknown forbids any sentence on charging."""

    ENTERPRISE = "enterprise"
    GOVERNMENT = "government"
    UNKNOWN = "unknown"


class Match(StrEnum):
    """Whether any one of the qualifications will do, or all are demanded."""

    ANY = "any"
    ALL = "all"


class TimeUnit(StrEnum):
    """Unit of a time limit."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    YEARS = "years"


class TimeLimitKind(StrEnum):
    """What a time limit binds; another city's promise never binds ours."""

    STATUTORY_REVIEW = "statutory_review"
    TECHNICAL_REVIEW = "technical_review"
    PROMISE_ELSEWHERE = "promise_elsewhere"
    NORM = "norm"
    CYCLE = "cycle"


class Operator(StrEnum):
    """Comparison of a threshold."""

    AT_LEAST = ">="
    ABOVE = ">"
    BELOW = "<"
    AT_MOST = "<="


class ConflictKind(StrEnum):
    """Why two items exclude each other in one project."""

    PREPARE_REVIEW = "prepare-review"
    DESIGN_DRAWING_REVIEW = "design-drawing-review"
    COST_PREPARATION_REVIEW = "cost-preparation-review"
    SUPERVISION_TESTING = "supervision-testing"
    MONITORING_ACCEPTANCE = "monitoring-acceptance"


class QualificationKind(StrEnum):
    """What stands behind a qualification."""

    LICENCE = "licence"
    RECOGNITION = "recognition"
    FILING = "filing"
    CONDITIONS = "conditions"


class Fund(StrEnum):
    """Whose money pays: social (社会资金) or fiscal (财政资金)."""

    SOCIAL = "social"
    FISCAL = "fiscal"


class ParameterUnit(StrEnum):
    """Unit of a parameter; it decides the type of its value."""

    WORKING_DAYS = "working_days"
    QUOTES = "quotes"
    NUMBERS = "numbers"
    TIMES = "times"
    MONTHS = "months"
    RATIO = "ratio"
    FLAG = "flag"


ParameterValue = int | Decimal | bool


@dataclass(frozen=True)
class SourceData:
    """A public source behind a mark such as `F 34`."""

    mark: str
    title: str
    address: str


@dataclass(frozen=True)
class StageData:
    """An approval stage (审批阶段); position runs from 1."""

    code: str
    position: int
    name: str
    name_en: str
    covers: str
    basis: str
    confidence: str
    valid_from: date


@dataclass(frozen=True)
class GroupData:
    """A chapter of the catalogue, A to D, and the stages its items fall in."""

    code: str
    name: str
    name_en: str
    stages: tuple[str, ...]


@dataclass(frozen=True)
class QualificationData:
    """A qualification category; grades from the highest, none when ungraded."""

    code: str
    name: str
    name_en: str
    kind: QualificationKind
    grades: tuple[str, ...]
    authority: str
    authority_en: str
    basis: str
    confidence: str
    valid_from: date


@dataclass(frozen=True)
class CertificateData:
    """A kind of practitioner certificate."""

    code: str
    name: str
    name_en: str
    grades: tuple[str, ...]
    confidence: str


@dataclass(frozen=True)
class QualificationDemand:
    """One qualification an item asks for; an empty grade accepts any."""

    category: str
    grade: str


@dataclass(frozen=True)
class TimeLimitData:
    """A time limit with its own source."""

    value: int
    unit: TimeUnit
    what: TimeLimitKind
    text: str
    source: str
    confidence: str


@dataclass(frozen=True)
class ThresholdData:
    """One clause of the question "is this needed at all?".

    Clauses of one outcome are joined by "or"; outcomes stand strictest first.
    """

    outcome: str
    outcome_name: str
    variable: str
    operator: Operator
    value: Decimal
    unit: str
    text: str
    citation: str
    confidence: str


@dataclass(frozen=True)
class ConflictData:
    """Two items one agency may not hold in one project; the smaller code first."""

    kind: ConflictKind
    items: tuple[str, str]
    basis: str
    confidence: str


@dataclass(frozen=True)
class ItemData:
    """A service item of the official catalogue (服务事项).

    self_prepare_allowed: None when not known. commitment_only: no qualification exists, a commitment letter takes its
    place; without it and without qualifications the demand is not known. conflicts: item codes, closed both ways.
    fee_services: a document of ``schedules`` and the key of its service that is meant, where it prices several.
    """

    number: int
    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    group: str
    stage: str
    approval: str
    approval_en: str
    departments: tuple[str, ...]
    qualifications: tuple[QualificationDemand, ...]
    qualification_match: Match
    commitment_only: bool
    practitioners: tuple[str, ...]
    self_prepare_allowed: bool | None
    who_pays: Payer
    price_regime: PriceRegime
    price_regime_alternative: PriceRegime | None
    schedules: tuple[str, ...]
    fee_services: tuple[tuple[str, str], ...]
    other_documents: tuple[str, ...]
    time_limits: tuple[TimeLimitData, ...]
    thresholds: tuple[ThresholdData, ...]
    deliverable: str
    conflicts: tuple[str, ...]
    legal_basis: str
    confidence: str
    qualification_confidence: str
    price_confidence: str
    valid_from: date
    valid_to: date | None
    remarks: str

    @property
    def price_is_settled(self) -> bool:
        """Tell whether one regime is known to hold; else nothing is said on charging."""
        return self.price_regime_alternative is None and self.who_pays is not Payer.UNKNOWN

    @property
    def qualification_is_known(self) -> bool:
        """Tell whether the file knows what the item demands."""
        return self.commitment_only or bool(self.qualifications)


@dataclass(frozen=True)
class ParameterData:
    """A dated parameter for one kind of fund; ratios are Decimal fractions."""

    key: str
    fund: Fund
    name: str
    name_en: str
    value: ParameterValue
    unit: ParameterUnit
    valid_from: date
    basis: str
    confidence: str


@dataclass(frozen=True)
class MethodData:
    """A selection method for one kind of fund; needs_legal_basis bars switching it on without a document."""

    code: str
    fund: Fund
    name: str
    name_en: str
    enabled: bool
    needs_legal_basis: bool
    valid_from: date
    basis: str
    confidence: str


@dataclass(frozen=True)
class TieBreakData:
    """A criterion that breaks a tie; position runs from 1."""

    position: int
    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class RulesData:
    """Every dated row of the market's parameters."""

    parameters: tuple[ParameterData, ...]
    methods: tuple[MethodData, ...]
    tie_breaks: tuple[TieBreakData, ...]

    def parameter(self, key: str, fund: Fund, on: date) -> ParameterData:
        """Return the row in force on a day. Raises KeyError when there is none."""
        rows = [p for p in self.parameters if (p.key, p.fund) == (key, fund) and p.valid_from <= on]
        if not rows:
            raise KeyError(key, fund.value, on.isoformat())
        return max(rows, key=lambda row: row.valid_from)

    def methods_for(self, fund: Fund, on: date) -> tuple[MethodData, ...]:
        """Return every method's row in force on a day, in the order of the file."""
        newest: dict[str, MethodData] = {}
        for method in self.methods:
            if method.fund is not fund or method.valid_from > on:
                continue
            standing = newest.get(method.code)
            if standing is None or standing.valid_from <= method.valid_from:
                newest[method.code] = method
        return tuple(newest.values())
