"""The outside world's stand-ins on loopback ports: a mail server, and a system that is called."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Outside:
    """What arrived, and what the next callers are answered; afterwards 200 and 250."""

    port: int = 0
    mails: list[str] = field(default_factory=list)
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@contextmanager
def _serving(server: socketserver.BaseServer, outside: Outside) -> Iterator[Outside]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield outside
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def mail_server() -> Iterator[Outside]:
    """Take mails by SMTP (RFC 5321), as many commands of it as a sender needs."""
    outside = Outside()

    class Session(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            for raw in self.rfile:
                verb = raw.decode().strip().upper()[:4]
                if verb == "DATA":
                    self.say("354 go on")
                    self.take()
                else:
                    code = outside.answers.pop(0) if verb == "RCPT" and outside.answers else 250
                    self.say("221 bye" if verb == "QUIT" else f"{code} said")
                if verb == "QUIT":
                    return

        def take(self) -> None:
            lines = []
            for raw in self.rfile:
                if raw == b".\r\n":
                    break
                lines.append(raw.decode())
            outside.mails.append("".join(lines))
            self.say("250 taken")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    outside.port = server.server_address[1]
    with _serving(server, outside):
        yield outside


@contextmanager
def called_system() -> Iterator[Outside]:
    """Answer POSTs and keep what they brought."""
    outside = Outside()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            outside.calls.append((dict(self.headers), body))
            self.send_response(outside.answers.pop(0) if outside.answers else 200)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gives it
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    outside.port = server.server_address[1]
    with _serving(server, outside):
        yield outside
