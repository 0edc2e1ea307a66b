"""Pages of performance: the dashboard, agencies, items, towns, the rows behind them; and the public data."""

from __future__ import annotations

from admin.performance import board, open_data
from admin.performance.pages import pages

__all__ = ["board", "open_data", "pages"]
