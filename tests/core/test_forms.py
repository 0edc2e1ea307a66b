"""A posted form: what was typed stays, what is wrong is named in the page's order, a box untaken stays untaken."""

from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from core.fields import Amount, Flag, Many, Text
from core.forms import CommandSchema, Item, blank_form, read_form
from core.money import Money


@dataclass(frozen=True)
class Order:
    name: str
    amount: Money
    agreed: bool
    towns: list[str]


class OrderSchema(CommandSchema):
    command = Order
    name = Text(max=10)
    amount = Amount(required=True)
    agreed = Flag()
    towns = Many(Text())


LAYOUT = (
    Item("amount", "金额"),
    Item("name", "名称"),
    Item("agreed", "同意", type="checkbox"),
    Item("towns", "镇街", type="checkboxes", choices=(("a", "甲"), ("b", "乙"))),
)


@pytest.fixture(autouse=True)
def _request(app: Flask) -> object:
    with app.test_request_context("/"):
        yield


def test_a_whole_form_becomes_the_command() -> None:
    sent = MultiDict(
        [("name", "桥"), ("amount", "3万"), ("agreed", "on"), ("towns", "a"), ("towns", "b"), ("csrf", "x")]
    )
    form = read_form(OrderSchema(), LAYOUT, sent)
    assert form.command == Order("桥", Money(3_000_000), agreed=True, towns=["a", "b"])
    assert form.errors == []


def test_what_is_wrong_is_named_in_the_order_of_the_page_and_nothing_typed_is_lost() -> None:
    form = read_form(OrderSchema(), LAYOUT, MultiDict([("name", " "), ("amount", "三万"), ("towns", "b")]))
    assert form.command is None
    assert form.errors == [("f-amount", "金额：只填数字，如 3200 或 3,200.5"), ("f-name", "填写名称")]
    assert (form.fields["amount"].value, form.fields["towns"].value) == ("三万", ["b"])


def test_a_box_without_its_tick_is_not_ticked_again_from_what_was_there_before() -> None:
    before = {"name": "旧", "amount": Money(100), "agreed": True, "towns": ["a"]}
    assert blank_form(LAYOUT, before).fields["agreed"].value is True
    form = read_form(OrderSchema(), LAYOUT, MultiDict([("name", ""), ("amount", "1")]), before)
    assert (form.fields["agreed"].value, form.fields["towns"].value) == ("", "")


def test_a_sentence_about_no_field_stands_over_the_form() -> None:
    form = read_form(OrderSchema(), LAYOUT, MultiDict([("name", "桥"), ("amount", "1")]))
    form.refuse("elsewhere", "已经截止")
    assert (form.command, form.errors) == (None, [("", "已经截止")])
