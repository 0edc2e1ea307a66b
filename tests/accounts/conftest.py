"""People, and a browser."""

import pytest
from flask.testing import FlaskClient

from core.work import Works
from tests.accounts.people import Browser, People


@pytest.fixture
def people(works: Works) -> People:
    """Return a maker of people and their organisations."""
    return People(works)


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    """Return a client that carries a form's token along."""
    return Browser(client)
