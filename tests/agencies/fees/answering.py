"""Answers for any schedule, drawn from its own fields: sound ones, and hostile ones."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from agencies.fees.engine.schedule import Choice, InputField, Kind, Schedule, Service, Version
from agencies.fees.register import SCHEDULES, fields

FEN = st.integers(1, 10**11).map(lambda fen: str(Decimal(fen) / 100))
CASES = [
    (schedule, version, service)
    for schedule in SCHEDULES.values()
    for version in schedule.versions
    for service in version.services
]
NAMES = [f"{schedule.id} {version.key} {service.key}" for schedule, version, service in CASES]


@st.composite
def choices(draw: st.DrawFn, one: Choice) -> str:
    """Draw a spelling of a choice: its key, with a coefficient of its range behind it where there is one."""
    if one.value is None and one.low is not None and one.high is not None:
        hundredths = draw(st.integers(-(-one.low.numerator * 100 // one.low.denominator), int(one.high * 100)))
        return f"{one.key} {Decimal(hundredths) / 100}"
    return one.key


@st.composite
def answer(draw: st.DrawFn, one: InputField) -> Any:
    """Draw an answer a person could give to a field."""
    if one.kind is Kind.AMOUNT:
        return draw(FEN)
    if one.kind is Kind.AMOUNTS:
        return draw(st.lists(FEN, min_size=1, max_size=3))
    if one.kind is Kind.QUANTITY:
        return str(draw(st.integers(1, min(500, int(one.high) if one.high is not None else 500))))
    if one.kind is Kind.CHOICE:
        return draw(choices(draw(st.sampled_from(one.choices))))
    if one.kind is Kind.CHOICES:
        picked = draw(st.lists(st.sampled_from(one.choices), min_size=1, max_size=3, unique_by=lambda each: each.key))
        return [draw(choices(each)) for each in picked]
    return None


@st.composite
def answers(draw: st.DrawFn, schedule: Schedule, version: Version, service: Service) -> dict[str, Any]:
    """Draw inputs of a service: what is required or asked for always, the rest now and then."""
    found: dict[str, Any] = {"service": service.key} if len(version.services) > 1 else {}
    for one in fields(schedule, version, service.key):
        if one.name != "service" and (one.required or one.asked or draw(st.integers(0, 3)) == 0):
            found[one.name] = draw(answer(one))
    return {name: value for name, value in found.items() if value is not None}


def plain_answers(schedule: Schedule, version: Version, service: Service) -> dict[str, Any]:
    """Return the same inputs every time: 1234.56 for amounts, 3 for quantities, first choices."""
    found: dict[str, Any] = {"service": service.key} if len(version.services) > 1 else {}
    for one in fields(schedule, version, service.key):
        if one.name == "service" or not (one.required or one.asked):
            continue
        if one.choices:
            found[one.name] = one.choices[0].key
        else:
            found[one.name] = "3" if one.kind is Kind.QUANTITY else "1234.56"
    return found


def _numbers() -> list[Any]:
    huge = ["9" * count for count in (17, 40, 48, 49, 400, 5000)]
    written = [
        "NaN", "nan", "-nan", "sNaN", "inf", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "1e5", "0x10",
        "0b1",
        "0o7", "1_0_0", "+5", "--5", "-5", "-0", "−5", "5-", "0", "00", "0.0", "000000000.00", "0.001", "1/3", "½", "²",
        "٣٢", "१२", "Ⅻ", "①", "一二三", "壹佰万", "亿亿", "1亿亿", "1万万", "万亿", "1亿万", "1万1亿", "元", "¥", "$5",
        "5€", "1.2.3", "1,2,3", "1,,000", ",1", "1,", ".", "..", "5.", "1 2", "1\u00a02", "1\u20092", "1'000", "1万元2",
        "1e", "e1", "1E+", "5%", "5‰", "(5)", "（5）", "5元5角", "1000000000000000.01", "10000001亿", "0.1e", "1万-2",
    ]  # fmt: skip
    return [*huge, *written]


def _texts() -> list[Any]:
    marks = ["\u202e", "\u200f", "\u200b", "\ufeff", "\u2066", "\x00", "\x1b[31m", "\r\n", "\t", "\x7f", "\u2028"]
    return [
        *marks, *(f"5{mark}" for mark in marks), *(f"{mark}5" for mark in marks), *(f"5{mark}5" for mark in marks),
        "'; DROP TABLE fees;--", '" OR 1=1 --', "1 UNION SELECT 1", "<script>alert(1)</script>", "<b>5</b>",
        "{{ 7*7 }}", "{% raw %}", "${7*7}", "%s%s%n", "%(given)s", "%", "%%", "{0}", "{given}", "../../etc/passwd",
        "\\", "\\u0000", "\\n", "`id`", "$(id)", "|", "||", "a|b|c", ";", "；", "、", "，", "；；；",
        "5；", "；5", "5|6",
        "😀", "5😀", "👩‍👩‍👧‍👧" * 20, "é" * 300, "\ud800", "5\ud800", "\udfff5", "ﷺ" * 50, "\u0301" * 200, "Ａ" * 130,
        "a" * 10_000, "五" * 5_000, "(" * 500, ")" * 500, "((((1))))", "[" * 300, "x(y)", "(x)", "x(1)", "x 1", "x:1",
        "null", "None", "undefined", "true", "false", "[]", "{}",
        '{"a":1}', "[1,2]", "on", "是", "否",
    ]  # fmt: skip


def _values() -> list[Any]:
    nested: Any = "5"
    for _ in range(60):
        nested = [nested]
    deep: Any = 5
    for _ in range(60):
        deep = {"a": deep}
    return [
        None, True, False, 0, -1, -(10**18), 10**15 + 1, 10**18, 10**300, 0.0, -0.0, 1e300, -1e300, 5e-324,
        float("nan"),
        float("inf"), float("-inf"), [], {}, "", " ", "\u3000", [[]], [None], [True], [{}], [""], ["5", None], [5, -5],
        [1] * 500, ["x"] * 300, {"a": 1}, {"": ""}, {"a": {"b": [1]}}, nested, deep, [[1, 2], [3]], {"value": 5},
        [float("nan")], [10**300], ["\ud800"], {"\ud800": 1},
    ]  # fmt: skip


def _mixed() -> list[Any]:
    """Pair beginnings and endings that pass one check and should fail the next."""
    heads = ["5", "-5", "9" * 16, "０．", "1亿", "building", "I", "works"]
    tails = ["e9", "万亿", "\u202e", "<i>", "\x00", "；5", " 1.3 1.3", "=1", ":NaN", "(1e9)", "%00", "\n5", "亿元整元"]
    return [head + tail for head in heads for tail in tails]


HOSTILE = [*_numbers(), *_texts(), *_values(), *_mixed()]
