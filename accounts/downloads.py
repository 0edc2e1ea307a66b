"""How an uploaded file is handed out: to be kept, under the name its sender gave it, and asked for anew each time."""

from __future__ import annotations

from flask import Response, send_file

from core import files


def hand_out(stored: files.StoredFile) -> Response:
    """Send one stored file. Raises NotFound when it was lost."""
    return send_file(
        files.path_of(stored), mimetype=stored.media_type, as_attachment=True, download_name=stored.name, max_age=0
    )
