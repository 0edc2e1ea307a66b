"""Tables of operations without a drawing of their own."""

from fractions import Fraction

from flask import Flask

from agencies.fees.engine.charges import UnitPrice
from agencies.fees.engine.schedule import Choice, InputField, Kind, Service
from agencies.fees.engine.tables import Matrix
from agencies.fees.engine.words import Words
from agencies.fees.plain_tables import plain_table

CHOICES = (Choice("low", Words("简单", "Simple")), Choice("high", Words("复杂", "Complex")))
WEIGHT = InputField("weight", Kind.CHOICE, Words("重要性", "Weight"), choices=(Choice("one", Words("一般", "Usual")),))
SERVICE = Service(
    "x",
    Words("评估", "Assessment"),
    "万元",
    (InputField("level", Kind.CHOICE, Words("复杂程度", "Complexity"), choices=CHOICES), WEIGHT),
    (),
)


def test_a_matrix_is_drawn_with_the_names_of_its_choices(app: Flask) -> None:
    matrix = Matrix(
        label=Words("基价", "Base"), clause="", row="weight", column="level",
        fees={"one": {"low": Fraction(8), "high": Fraction(21, 2)}},
    )  # fmt: skip
    with app.test_request_context():
        headers, rows, lines = plain_table(matrix, SERVICE)
    assert list(headers) == ["选项", "简单", "复杂"]
    assert rows == [["一般", "8", "10.5"]]
    assert lines == ()


def test_an_operation_without_rows_gives_no_table(app: Flask) -> None:
    price = UnitPrice(label=Words("单价", "Price"), clause="", quantity="weight", price=Fraction(12))
    with app.test_request_context():
        assert plain_table(price, SERVICE) == ((), (), ())
