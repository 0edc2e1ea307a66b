"""What a fee schedule is: the document, its versions, services, fields and legal status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from agencies.fees.engine.operations import Operation
from agencies.fees.engine.price_items import PriceItem
from agencies.fees.engine.words import Words


class Status(StrEnum):
    """What legal force a schedule has on a day."""

    BINDING_PRICE = "binding-price"
    BINDING_BAND = "binding-band"
    BINDING_CAP = "binding-cap"
    REFERENCE = "reference"
    ASSOCIATION = "association"
    BUDGET_CONTROL = "budget-control"
    NO_CHARGE = "no-charge"

    @property
    def caps(self) -> bool:
        """Tell whether a price above the result breaks the law."""
        return self in {
            Status.BINDING_PRICE, Status.BINDING_BAND, Status.BINDING_CAP, Status.NO_CHARGE,
        }  # fmt: skip


class Kind(StrEnum):
    """What an input field holds."""

    AMOUNT = "amount"
    AMOUNTS = "amounts"
    QUANTITY = "quantity"
    CHOICE = "choice"
    CHOICES = "choices"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Choice:
    """One named choice of a field; a coefficient when it has a value or a range of values.

    value: the coefficient as printed; None for a plain choice, or where `low`..`high` is
    agreed by the parties. negotiated: the document gives no number for it.
    """

    key: str
    label: Words
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    negotiated: bool = False
    names: tuple[str, ...] = ()

    @property
    def called(self) -> tuple[str, ...]:
        """Return its key, its label in both languages and its other names."""
        return (self.key, self.label.zh, self.label.en, *self.names)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InputField:
    """One input of a schedule, enough to draw it on a form.

    unit: what a bare number is counted in (万元, 亿元, 元, 吨, %). may_be_zero: whether 0 is an
    answer. signed: whether a minus sign is taken, and dropped. readings: whether the choices are
    readings of one rule, to be shown side by side. asked: whether a form should ask for it though
    the calculation can do without. items, coefficients: the price list a field of kind lines is
    answered from, and the coefficients a line may name; its choices are the items.
    """

    name: str
    kind: Kind
    label: Words
    help: Words | None = None
    unit: str = ""
    required: bool = False
    asked: bool = False
    may_be_zero: bool = False
    signed: bool = False
    whole: bool = False
    readings: bool = False
    default: str | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    choices: tuple[Choice, ...] = ()
    aliases: tuple[str, ...] = ()
    items: tuple[PriceItem, ...] = ()
    coefficients: tuple[Choice, ...] = ()

    def __repr__(self) -> str:
        """Return the name, not the whole content."""
        return f"InputField({self.name})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Service:
    """One service a version prices: its fields and the operations, in order."""

    key: str
    label: Words
    unit: str
    fields: tuple[InputField, ...]
    operations: tuple[Operation, ...]
    names: tuple[str, ...] = ()
    confidence: str = ""

    def __repr__(self) -> str:
        """Return the name, not the whole content."""
        return f"Service({self.key})"

    def field(self, name: str) -> InputField:
        """Return a field by its canonical name. Raises KeyError."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Version:
    """The text of a schedule from a day on; `until` is its last day, None while it stands."""

    key: str
    document: str
    since: date
    until: date | None
    services: tuple[Service, ...]
    note: Words | None = None

    def __repr__(self) -> str:
        """Return the name, not the whole content."""
        return f"Version({self.key})"


@dataclass(frozen=True, slots=True)
class StatusPeriod:
    """The legal force of a schedule between two days (both included).

    funding: "government", "social" or "" for either. at_least, below: the charge base it
    is limited to, in `unit`; services: the service keys, empty for all.
    """

    since: date
    until: date | None
    status: Status
    citation: Words
    funding: str = ""
    at_least: Fraction | None = None
    below: Fraction | None = None
    unit: str = "万元"
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeal:
    """A later document that ended or changed the schedule, and from which day."""

    document: str
    on: date
    effect: Words


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A published or derived example that must come out to the printed digit.

    inputs: by canonical name; expected: as printed, in `unit`; stage: the amount it is about.
    """

    service: str
    on: date
    inputs: Mapping[str, object]
    expected: Decimal
    unit: str
    stage: str
    source: str


@dataclass(frozen=True, slots=True)
class KnownJump:
    """A place where the document itself lets a fee jump or fall, and why it is no mistake.

    at: the amount on whose far side the fee jumps, in the unit of the service; service: empty for all.
    """

    at: Fraction
    service: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers were read: mark found, found-twice or memory; and a note."""

    mark: str
    note: Words
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Schedule:
    """One fee schedule: a published document as data."""

    id: str
    document: str
    aliases: tuple[str, ...]
    title: Words
    issuer: Words
    level: str
    subject: Words
    charge_base: Words
    unit: str
    versions: tuple[Version, ...]
    statuses: tuple[StatusPeriod, ...]
    repeals: tuple[Repeal, ...]
    source: Source
    notes: tuple[Words, ...] = ()
    examples: tuple[Example, ...] = ()
    known_jumps: tuple[KnownJump, ...] = ()

    def __repr__(self) -> str:
        """Return the name, not the whole content."""
        return f"Schedule({self.id})"

    @property
    def in_force_from(self) -> date:
        """Return the first day of the first version."""
        return self.versions[0].since

    @property
    def in_force_to(self) -> date | None:
        """Return the last day of the last version, None while it stands."""
        return self.versions[-1].until

    @property
    def funding_matters(self) -> bool:
        """Tell whether the legal force ever depends on who pays for the project."""
        return any(period.funding for period in self.statuses)

    def funding_matters_on(self, on: date) -> bool:
        """Tell whether the legal force of a day depends on who pays for the project."""
        return any(
            period.funding and period.since <= on and (period.until is None or on <= period.until)
            for period in self.statuses
        )

    def version_on(self, on: date) -> Version | None:
        """Return the version of a day: the last one begun; None before the first.

        A repealed schedule keeps its last version, as the historical reference it is.
        """
        begun = [version for version in self.versions if version.since <= on]
        return begun[-1] if begun else None

    def status_on(
        self,
        on: date,
        *,
        funding: str = "",
        service: str = "",
        yuan: Fraction | None = None,
    ) -> StatusPeriod | None:
        """Return the legal force on a day, None before the schedule began.

        funding: "government", "social" or "" when unknown: then the least force that may
        apply is returned, since nobody is to be blocked on a guess.
        yuan: the charge base, where force depends on size; None skips that test.
        """
        periods = [
            period
            for period in self.statuses
            if period.since <= on and (period.until is None or on <= period.until)
            if not (funding and period.funding and period.funding != funding)
            if not (service and period.services and service not in period.services)
            if _size_fits(period, yuan)
        ]
        return min(periods, key=lambda period: period.status.caps, default=None)


def _size_fits(period: StatusPeriod, yuan: Fraction | None) -> bool:
    """Tell whether a charge base lies where a period applies."""
    if yuan is None or period.at_least is period.below is None:
        return True
    size = yuan / {"元": 1, "万元": 10_000, "亿元": 100_000_000}[period.unit]
    return (period.at_least is None or size >= period.at_least) and (period.below is None or size < period.below)
