"""The transcripts of the README are what the program prints, at 80 columns.

`python tests/test_readme.py` writes them anew. A block that ends in `...` shows the beginning.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n\$ carbon ([^\n]*)\n(.*?)```", re.DOTALL)
SHOWN = 66  # lines of a long transcript


def transcript(command: str, folder: Path) -> str:
    """What a command prints on an 80-column terminal without colour."""
    done = subprocess.run(
        [sys.executable, "-m", "carbon.cli", *shlex.split(command)],
        cwd=folder,
        env=os.environ | {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr).strip("\n")


def shown(text: str) -> str:
    """What differs from day to day and machine to machine, made the same."""
    text = re.sub(r"\d{4}-\d\d-\d\d(?=\s*│)", "2026-11-20", text)
    return re.sub(r"run [0-9a-f]{12}", "run 000000000000", text)


def test_the_transcripts_of_the_readme_are_what_the_program_prints(tmp_path: Path):
    blocks = BLOCK.findall(README.read_text(encoding="utf-8"))
    assert len(blocks) >= 3
    for command, written in blocks:
        wanted = written.strip("\n")
        printed = shown(transcript(command, tmp_path))
        if wanted.endswith("\n..."):
            wanted = wanted.removesuffix("\n...")
            printed = printed[: len(wanted)]
        assert printed == wanted


def _rewrite() -> None:
    with tempfile.TemporaryDirectory() as folder:

        def block(found: re.Match[str]) -> str:
            lines = shown(transcript(found[1], Path(folder))).split("\n")
            if len(lines) > SHOWN:
                lines = [*lines[:SHOWN], "..."]
            return f"```console\n$ carbon {found[1]}\n" + "\n".join(lines) + "\n```"

        README.write_text(BLOCK.sub(block, README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    _rewrite()
