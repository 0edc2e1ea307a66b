"""Settings: what is unsafe is refused with a sentence, and proxies are believed only as far as we said."""

from pathlib import Path

import pytest
from flask import request

from accounts.gate import public
from web.app import create_app
from web.config import UnsafeConfigError, read_config

SECRET = "0123456789abcdef0123456789abcdef"
PRODUCTION = {"MARKET_ENV": "production", "SECRET_KEY": SECRET, "SITE_URL": "https://market.example"}


def test_a_production_site_starts_with_its_three_settings(tmp_path: Path) -> None:
    config = read_config({**PRODUCTION, "MARKET_DATA": str(tmp_path)})
    assert (config.production, config.demo, config.trusted_proxies) == (True, False, 0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter"),
        ({"SITE_URL": "http://market.example"}, "SITE_URL must begin with https://"),
        ({"SITE_URL": ""}, "SITE_URL must begin with https://"),
        ({"MARKET_DEMO": "1"}, "MARKET_DEMO is 1"),
        ({"DATABASE_URL": "mysql://localhost"}, "DATABASE_URL begins with neither"),
        ({"BROKER_URL": "amqp://localhost"}, "BROKER_URL begins with neither"),
        ({"TRUSTED_PROXIES": "all"}, "TRUSTED_PROXIES is 'all'"),
        ({"SEARCH_BACKEND": "opensearch"}, "set SEARCH_URL"),
        ({"SEARCH_BACKEND": "postgresql"}, "set DATABASE_URL"),
    ],
)
def test_an_unsafe_setting_is_refused_with_a_sentence(given: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafeConfigError, match=words):
        read_config({**PRODUCTION, "MARKET_DATA": str(tmp_path), **given})


def test_production_wants_its_secret_given(tmp_path: Path) -> None:
    given = {key: value for key, value in PRODUCTION.items() if key != "SECRET_KEY"}
    with pytest.raises(UnsafeConfigError, match="SECRET_KEY is not set"):
        read_config({**given, "MARKET_DATA": str(tmp_path)})


@pytest.mark.parametrize(("hops", "seen"), [("0", "127.0.0.1"), ("1", "203.0.113.9"), ("2", "198.51.100.7")])
def test_a_forwarded_address_counts_only_behind_the_proxies_we_named(hops: str, seen: str, tmp_path: Path) -> None:
    app = create_app(read_config({"MARKET_DATA": str(tmp_path), "TRUSTED_PROXIES": hops}))
    app.add_url_rule("/who", view_func=public(lambda: request.remote_addr or ""), endpoint="who")
    answer = app.test_client().get("/who", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
    assert answer.text == seen
