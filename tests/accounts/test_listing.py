"""Where the next page of a list is: the same request, with another place to go on from."""

import pytest
from flask import Flask

from accounts.listing import listed, next_page
from core.paging import Page


@pytest.mark.parametrize(
    ("asked", "following"),
    [
        ("/api/v1/needs", "/api/v1/needs?after=5"),
        ("/api/v1/needs?limit=2&after=9", "/api/v1/needs?limit=2&after=5"),
        ("/api/v1/agencies?town=a&town=b", "/api/v1/agencies?town=a&town=b&after=5"),
        ("/api/v1/items?q=环评&x=a%26b", "/api/v1/items?q=%E7%8E%AF%E8%AF%84&x=a%26b&after=5"),
        ("/api/v1/needs?endpoint=x&_external=1", "/api/v1/needs?endpoint=x&_external=1&after=5"),
    ],
)
def test_the_next_page_asks_for_the_same(asked: str, following: str) -> None:
    with Flask("a program").test_request_context(asked):
        assert next_page(5) == following
        assert listed(Page(["row"], 5)) == {"items": ["row"], "next": following}


def test_the_last_page_leads_nowhere() -> None:
    with Flask("a program").test_request_context("/api/v1/needs?limit=2"):
        assert next_page(None) is None
        assert listed(Page([], None)) == {"items": [], "next": None}
