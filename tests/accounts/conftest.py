"""People, and a browser."""

import pytest
from flask.testing import FlaskClient

from core.work import Works
from tests.accounts.people import Browser, People


@pytest.fixture
def people(works: Works) -> People:
    return People(works)


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)
