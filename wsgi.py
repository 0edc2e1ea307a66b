"""The web server's way in."""

from web.app import create_app

app = create_app()
