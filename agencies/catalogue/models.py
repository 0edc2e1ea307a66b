"""Tables of the catalogue: service items and the dated parameters of the market.

Both are loaded from the dated files by ``service.load_catalogue``; a page that shows a row
shows its mark of confidence too.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from agencies.catalogue.reference_types import Match, Payer, PriceRegime
from core import db

ANY = ""


class ServiceItem(db.Base):
    """One entry of the official catalogue (服务事项).

    ``departments``, ``practitioners``, ``conflicts`` and ``schedules`` are lists of codes; ``qualifications`` of
    ``{category, grade}``; ``limits`` and ``thresholds`` as in the reference file. ``self_prepare`` is None when
    not known, ``valid_to`` the first day on which the row no longer holds.
    """

    __tablename__ = "service_item"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    code: Mapped[str] = db.text(20, unique=True)
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = db.text(120)
    name_en: Mapped[str] = db.text(200)
    aliases: Mapped[list[str]] = mapped_column(JSON)
    chapter: Mapped[str] = db.text(4)
    stage: Mapped[str] = db.text(40)
    approval: Mapped[str] = db.text(200)
    approval_en: Mapped[str] = db.text(300)
    departments: Mapped[list[str]] = mapped_column(JSON)
    qualifications: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    qualification_match: Mapped[Match] = db.enum_column(Match)
    commitment_only: Mapped[bool] = mapped_column(Boolean)
    practitioners: Mapped[list[str]] = mapped_column(JSON)
    self_prepare: Mapped[bool | None] = mapped_column(Boolean)
    who_pays: Mapped[Payer] = db.enum_column(Payer)
    price_regime: Mapped[PriceRegime] = db.enum_column(PriceRegime)
    price_regime_alternative: Mapped[str | None] = db.text(20)
    limits: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    thresholds: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    conflicts: Mapped[list[str]] = mapped_column(JSON)
    schedules: Mapped[list[str]] = mapped_column(JSON)
    other_documents: Mapped[list[str]] = mapped_column(JSON)
    deliverable: Mapped[str] = db.text(200)
    legal_basis: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = db.text(20)
    qualification_confidence: Mapped[str] = db.text(20)
    price_confidence: Mapped[str] = db.text(20)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    remarks: Mapped[str] = mapped_column(Text)


class Rule(db.Base):
    """A dated parameter of the market (参数) for one kind of fund, and perhaps one item or one town.

    An empty ``fund``, ``item_code`` or ``town_code`` means any. A ratio's ``value`` is its decimal text. In force from
    ``valid_from`` until the day before ``valid_to``; a change is a new row, never an edit of an old one.
    """

    __tablename__ = "rule"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    key: Mapped[str] = db.text(60)
    fund: Mapped[str] = db.text(20, default=ANY)
    item_code: Mapped[str] = db.text(20, default=ANY)
    town_code: Mapped[str] = db.text(20, default=ANY)
    name: Mapped[str] = db.text(120)
    name_en: Mapped[str] = db.text(200)
    value: Mapped[Any] = mapped_column(JSON)
    unit: Mapped[str] = db.text(20)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    basis: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = db.text(20)

    __table_args__ = (UniqueConstraint("key", "fund", "item_code", "town_code", "valid_from"),)
