"""How deadlines are written: the end of a day is its 24:00, not the next day's 00:00."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from web.filters import until, until_day, when

MIDNIGHT = datetime(2026, 3, 18, 16, 0, tzinfo=UTC)  # 19 March 00:00 in Beijing
FIVE = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "end", "hour"),
    [
        ("zh-Hans", "2026年3月18日（周三）24:00", "2026年3月18日（周三）17:00"),
        ("zh-Hant", "2026年3月18日（週三）24:00", "2026年3月18日（週三）17:00"),
        ("en", "18 March 2026 24:00", "18 March 2026 17:00"),
    ],
)
def test_the_end_of_a_day_is_written_as_its_last_hour(app: Flask, lang: str, end: str, hour: str) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        assert until(MIDNIGHT) == end
        assert until(FIVE) == when(FIVE) == hour
        assert until_day(MIDNIGHT) == until_day(FIVE) == end.removesuffix("24:00").strip()
        assert until(None) == until_day(None) == "—"
