"""The schedules by their documents, and a fee by one of them on a day."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from agencies.fees.engine.calculation import Calculation, calculate
from agencies.fees.register import find

TENDER, SUPERVISION = "计价格[2002]1980号", "发改价格[2007]670号"
DESIGN, EIA = "计价格[2002]10号", "计价格[2002]125号"
CONSULTING, COST = "计价格[1999]1283号", "粤价函[2011]742号"
BOUND = date(2012, 6, 1)
FREED = date(2015, 3, 1)
CUMULATIVE = {
    "works": "1 3.8 6.55 20.55 30.55 50.55 68.05 100.05 130.05",
    "services": "1.5 4.7 6.95 16.95 21.95 41.95 59.45 91.45 121.45",
    "goods": "1.5 5.9 9.9 29.9 42.4 62.4 79.9 111.9 141.9",
}
ENDS = (100, 500, 1000, 5000, 10000, 50000, 100000, 500000, 1000000)
"""Ends of the bands in 万元; above, the fees of 2011 at each of them."""


def fee(document: str, on: date = BOUND, /, **inputs: object) -> Calculation:
    """Calculate by document number."""
    return calculate(find(document), on, inputs)


def wan(text: str) -> Fraction:
    """Return a number of 万元 exactly."""
    return Fraction(Decimal(text))
