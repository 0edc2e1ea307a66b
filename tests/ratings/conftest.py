"""Ratings play in the market of a whole purchase."""

from tests.marketplace.conftest import market

__all__ = ["market"]
