"""`carbon form` from the command line, and what its server answers to whom."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from carbon.book import Book
from carbon.cli import run

ROOT = Path(__file__).parent.parent
SITE = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n[[site.meter]]\nname = "m1"\n'


@pytest.fixture
def book(make) -> Book:
    return make(SITE, bills={})


def told(capsys, *words: str) -> tuple[int, str]:
    """The exit code of `carbon form`, and what it said."""
    code = run(["form", *words])
    return code, capsys.readouterr().err


def test_without_a_terminal_it_says_what_to_do(book: Book, capsys):
    code, said = told(capsys, "-C", str(book.folder))
    assert code == 2
    assert said.startswith("error[usage]: the form needs a terminal\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--site", "hqq"), "error[unknown-site]: no site is called 'hqq'"),
        (("--meter", "m2"), "error[unknown-meter]: no meter of hq is called 'm2'"),
        (("--activity", "electrcity"), "error[unknown-activity]: no activity is called"),
        (("--month", "2023-13"), "error[not-a-month]: a month is written like 2023-07"),
    ],
)
def test_a_wrong_word_is_told_before_anything_is_drawn(book: Book, capsys, words, said: str):
    code, err = told(capsys, "-C", str(book.folder), *words)
    assert code == 2
    assert err.startswith(said)


@pytest.mark.parametrize(("words", "missing"), [((), "textual"), (("--serve",), "textual_serve")])
def test_a_missing_extra_says_how_to_install_it(book: Book, capsys, monkeypatch, words, missing):
    for name in [each for each in sys.modules if each.startswith(("carbon.form.", missing))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    code, said = told(capsys, "-C", str(book.folder), *words)
    assert code == 2
    assert f"the form needs {missing}" in said
    assert "To fix: pip install 'carbon[tui]'" in said


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def test_a_port_that_is_taken_is_told(book: Book, capsys):
    pytest.importorskip("textual_serve")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        code, said = told(capsys, "-C", str(book.folder), "--serve", "--port", str(port))
    assert code == 2
    assert said.startswith(f"error[no-port]: port {port} of 127.0.0.1 cannot be had")


@contextlib.contextmanager
def served(book: Book) -> Iterator[tuple[str, int]]:
    """The address that `carbon form --serve` tells, and its port, while it serves."""
    port = free_port()
    command = [sys.executable, "-m", "carbon.cli", "form", "--serve", "--port", str(port)]
    program = subprocess.Popen(
        [*command, "--month", "2023-02", "-C", str(book.folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        lines = [program.stdout.readline().strip() for _ in range(3)]
        yield lines[1], port
        program.send_signal(signal.SIGINT)
        assert program.wait(20) == 0
    finally:
        program.kill()
        program.wait()


def test_it_answers_this_machine_who_has_the_key_and_nobody_else(book: Book):
    with served(book) as (address, port):
        assert address.startswith(f"http://127.0.0.1:{port}/?key=")
        asyncio.run(_asked(address, port, book))


async def _asked(address: str, port: int, book: Book) -> None:
    home = f"http://127.0.0.1:{port}/"
    foreign = {"Origin": "http://evil.example"}

    async def status(url: str, **headers: str) -> int:
        async with (
            aiohttp.ClientSession() as stranger,
            stranger.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status

    assert await status(home) == 403
    assert await status(f"{home}static/js/textual.js") == 403
    assert await status(f"{home}?key=wrong") == 403
    assert await status(address, Host=f"evil.example:{port}") == 403
    assert await status(address, **foreign) == 403

    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as owner:
        async with owner.get(address) as page:
            assert page.status == 200
            assert str(page.url) == home  # the key is gone from the address
            text = await page.text()
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert text.count("//") == text.count(f"//127.0.0.1:{port}") + text.count("// ")
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await owner.ws_connect(f"{home}ws", headers=foreign)
        async with owner.ws_connect(f"{home}ws?width=80&height=24", origin=home[:-1]) as drawn:
            await _until(drawn, "Quantity")
            await drawn.send_json(["stdin", "51\r"])
            await _until(drawn, "Entry 1 recorded")
    [row] = book.entries().rows
    assert (row["meter"], row["quantity"]) == ("m1", 51)


async def _until(drawn: aiohttp.ClientWebSocketResponse, words: str) -> None:
    """Reads until the words have been drawn."""
    seen = b""
    while words.encode() not in seen:
        message = await drawn.receive(60)
        assert message.type == aiohttp.WSMsgType.BINARY, message
        seen += message.data


def test_it_listens_on_the_loopback_address_alone(book: Book):
    with served(book) as (_, port), socket.socket() as outside:
        outside.settimeout(2)
        own = socket.gethostbyname(socket.gethostname())
        if own.startswith("127."):
            own = "127.0.0.2"  # another address of the loopback network
        with pytest.raises(OSError):
            outside.connect((own, port))
