"""Quantities as people type them: in the field's own unit, in one behind the number, in one behind the name."""

from fractions import Fraction
from typing import Any

import pytest

from agencies.fees.engine import quantities
from agencies.fees.engine.amounts import LARGEST, AmountRefused
from agencies.fees.engine.refusal import Problem
from agencies.fees.engine.schedule import InputField, Kind
from agencies.fees.engine.words import Words

F: Any = Fraction


def field(unit: str = "平方米", **more: Any) -> InputField:
    return InputField(name="area", kind=Kind.QUANTITY, label=Words("面积", "Area"), unit=unit, **more)


@pytest.mark.parametrize(
    ("own", "value", "beside", "read"),
    [
        ("平方米", 12000, "", 12000),
        ("平方米", "12000", "", 12000),
        ("平方米", "12,000.5", "平方米", F("12000.5")),
        ("平方米", "12000平方米", "", 12000),
        ("平方米", " １２０００ 平米 ", "", 12000),
        ("平方米", "12000 M2", "", 12000),
        ("平方米", "1.2万平方米", "", 12000),
        ("平方米", "1.2 wan_m2", "", 12000),
        ("平方米", "1.2万", "", 12000),
        ("平方米", "2亿", "", 2 * 10**8),
        ("平方米", "3 公顷", "", 30000),
        ("平方米", "3", "公顷", 30000),
        ("平方米", 3, "ha", 30000),
        ("平方米", "0.5平方公里", "", 500000),
        ("平方米", "3亩", "", 2000),
        ("平方米", "3平方米", "公顷", 3),
        ("平方米", 3, "无此单位", 3),
        ("平方米", "3 ", "无此单位", 3),
        ("平方米", "3万", "无此单位", 30000),
        ("万平方米", "60万", "", 60),
        ("万平方米", "60万", "万平方米", 60),
        ("万平方米", "60万公顷", "", 600000),
        ("万平方米", "60万", "公顷", 600000),
        ("万平方米", "60", "", 60),
        ("万平方米", "60", "公顷", 60),
        ("万平方米", "60", "平方米", F("0.006")),
        ("米", "3公里", "", 3000),
        ("公里", "500米", "", F("0.5")),
        ("公里", "500", "m", F("0.5")),
        ("千克", "2吨", "", 2000),
        ("吨", "500公斤", "", F("0.5")),
        ("小时", "7工时", "", 7),
        ("天", "7个", "", None),
        ("天", "7人日", "", 7),
        ("栋", "7栋", "", 7),
        ("栋", "2万栋", "", 20000),
        ("栋", "2万", "", 20000),
        ("栋", "2万座", "", None),
        ("", "2万", "", 20000),
        ("", 2, "", 2),
        ("", "2", "", 2),
        ("平方米", "平方米", "", None),
        ("平方米", "1.2万公斤", "", None),
        ("平方米", "1.2万.", "", None),
        ("平方米", "1.2万万", "", None),
        ("平方米", "3万亩", "", 2 * 10**7),
        ("吨", "3万吨", "", 30000),
        ("吨", "3 万 公斤", "", 30),
        ("平方米", "1万", "公顷", 10**8),
        ("平方米", "", "", None),
        ("平方米", "万", "", None),
        ("平方米", None, "", None),
        ("平方米", "1" * 121 + "平方米", "", None),
    ],
)
def test_a_quantity_is_read_as_people_type_it(own: str, value: object, beside: str, read: Any) -> None:
    if read is None:
        with pytest.raises(AmountRefused) as refused:
            quantities.read(field(own), value, beside or own)
        assert refused.value.code == "not-an-amount"
    else:
        assert quantities.read(field(own), value, beside or own) == read


@pytest.mark.parametrize(
    ("more", "value", "code"),
    [
        ({}, -1, "negative"),
        ({"may_be_zero": True}, "-0.5", "negative"),
        ({}, 0, "not-positive"),
        ({"may_be_zero": True}, 0, ""),
        ({"high": F(7)}, 8, "too-large"),
        ({"high": F(7)}, 7, ""),
        ({"high": F(0), "may_be_zero": True}, 1, "too-large"),
        ({}, LARGEST, ""),
        ({}, LARGEST + 1, "too-large"),
        ({"whole": True}, "1.5", "not-whole"),
        ({"whole": True}, "2.0", ""),
        ({}, "1.5", ""),
    ],
)
def test_a_quantity_out_of_bounds_is_a_problem_with_its_facts(more: dict, value: Any, code: str) -> None:
    found = quantities.read(field(low=F(2), **more), value, "平方米")
    if code:
        assert found == Problem("area", code, {"given": str(value), "low": F(2), "high": more.get("high")})
    else:
        assert found == F(value)


def test_a_unit_knows_what_it_can_be_turned_into() -> None:
    assert quantities.spellings("公里")["m"] == F("0.001")
    assert quantities.spellings("亩")["公顷"] == 15
    assert "吨" not in quantities.spellings("公里")
    assert dict(quantities.spellings("栋")) == {"栋": 1}
    assert dict(quantities.spellings("")) == {}
