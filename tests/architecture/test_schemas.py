"""A validator says no by raising: marshmallow reads what it returns as nothing."""

from __future__ import annotations

import ast

from tests.architecture.product import ROOT

PLANT = "limit = fields.Integer(validate=lambda given: given > 0)"


def lambdas(source: str) -> list[int]:
    """Return the lines on which a lambda is handed over as a validator."""
    return [
        word.value.lineno
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "validate" and isinstance(word.value, ast.Lambda)
    ]


def test_a_planted_lambda_is_seen() -> None:
    assert lambdas(PLANT) == [1]


def test_no_validator_is_a_lambda() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for package in ("core", "accounts", "agencies", "marketplace", "ratings", "search", "admin", "web")
        for path in sorted((ROOT / package).rglob("*.py"))
        for line in lambdas(path.read_text(encoding="utf-8"))
    ]
    assert found == []
