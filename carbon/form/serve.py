"""The form in a browser on this machine: a page at 127.0.0.1 for whoever knows its key.

textual-serve starts a process of the form for each tab and draws it in the page. It asks nobody who
they are, so it is guarded here: it listens on the loopback address alone, answers only to its own
name (a foreign page that has itself resolved to 127.0.0.1 gets nothing), only to its own pages (a
foreign page cannot open the socket), and only to who was given the key (another user of the machine
has none). Nothing is fetched from elsewhere.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from shlex import join

from aiohttp import web
from textual_serve.server import Server

from carbon.errors import UsageError

LOOPBACK = "127.0.0.1"
TEMPLATES = Path(__file__).parent / "web"  # theirs loads a font from elsewhere, and takes no keys
POLICY = (  # of what the page may load
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self' {socket};"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guarded(Server):
    """The server of a form, for this machine and who has the key."""

    def __init__(self, command: Sequence[str], port: int, say: Callable[[str], None]) -> None:
        line = subprocess.list2cmdline(command) if sys.platform == "win32" else join(command)
        super().__init__(
            line, host=LOOPBACK, port=port, title="carbon form", templates_path=TEMPLATES
        )
        self.public_url = f"http://{LOOPBACK}:{port}"  # never without its port, as Origin has it
        self.key = secrets.token_urlsafe(24)
        self.cookie = f"carbon_form_{port}"
        self.say = say

    @property
    def address(self) -> str:
        """What to open, key and all."""
        return f"{self.public_url}/?key={self.key}"

    def initialize_logging(self) -> None:
        logging.basicConfig(level="WARNING", format="%(message)s")

    def serve(self, debug: bool = False) -> None:
        """Listens first and tells the address then, so that it never leads nowhere."""
        self.debug = debug
        self.initialize_logging()
        with socket.create_server((LOOPBACK, self.port)) as held:
            loop = asyncio.new_event_loop()
            for each in (signal.SIGINT, signal.SIGTERM):
                with suppress(NotImplementedError):  # on Windows
                    loop.add_signal_handler(each, self.request_exit)
            web.run_app(self._make_app(), sock=held, handle_signals=False, loop=loop, print=None)

    async def on_startup(self, app: web.Application) -> None:
        self.say(self.address)

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guarded(request, handler)

        app.middlewares.append(guard)
        return app

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answers whoever may have the form, and refuses all others."""
        if request.host != self.public_url.removeprefix("http://"):
            return _refused("Open the address that carbon form --serve printed.")
        if request.headers.get("Origin", self.public_url) != self.public_url:
            return _refused("Another page asks for the form.")
        if request.path == "/" and self._is_key(request.query.get("key", "")):
            answer: web.StreamResponse = web.HTTPSeeOther("/")
            answer.set_cookie(self.cookie, self.key, httponly=True, samesite="Strict")
        elif self._is_key(request.cookies.get(self.cookie, "")):
            answer = await handler(request)
        else:
            return _refused(
                "The key is missing: open the address that carbon form --serve printed."
            )
        if not answer.prepared:
            own = f"ws://{request.host}"
            answer.headers["Content-Security-Policy"] = POLICY.format(socket=own)
            answer.headers["Referrer-Policy"] = "no-referrer"
            answer.headers["Cache-Control"] = "no-store"
        return answer

    def _is_key(self, said: str) -> bool:
        return hmac.compare_digest(said.encode(), self.key.encode())


def serve(command: Sequence[str], port: int, say: Callable[[str], None]) -> None:
    """Serves the program that a command starts, until it is interrupted.

    say : is told the address once it can be opened.

    Raises UsageError for a port that is taken or cannot be had.
    """
    try:
        Guarded(command, port, say).serve()
    except OSError as fault:
        raise UsageError(
            "no-port",
            f"port {port} of {LOOPBACK} cannot be had: {fault.strerror or fault}",
            remedy=f"carbon form --serve --port {port + 1 if port < 65535 else 8000}",
        ) from None


def _refused(why: str) -> web.Response:
    return web.Response(status=403, text=f"{why}\n")
