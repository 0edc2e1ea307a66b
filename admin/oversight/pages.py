"""The blueprint of oversight's pages."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("oversight", __name__, template_folder="templates")
