"""Settings and runs: what, besides the entries, fixes the figures of an inventory.

`settings_version` numbers the texts of a book's settings and `run` the values that a computation
depends on; both write something down only the first time. A run named in a report can so be
computed again with the settings of its day, whatever the files say by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from carbon.errors import LedgerError
from carbon.ledger.batches import Batches
from carbon.ledger.rows import digest_of, now, word
from carbon.schema import LEDGER


class Runs(Batches):
    """The part of a ledger that holds versions of the settings, and runs."""

    def settings_version(
        self, files: Mapping[str, str], *, by: str, recorded_at: datetime | None = None
    ) -> int:
        """The version of the settings that says this: the newest, or a new one where it differs.

        files : text by path: carbon.toml, factors/*.csv, scenarios/*.toml.
        """
        digest = digest_of([[path, files[path]] for path in sorted(files)])
        newest = self.con.execute(
            "select setting_id, digest from setting order by setting_id desc limit 1"
        ).fetchall()
        if newest and newest[0][1] == digest:
            return newest[0][0]
        setting_id = newest[0][0] + 1 if newest else 1
        with self._transaction():
            batch_id = self._batch("settings", by, "", "", "", recorded_at)
            self._write(LEDGER["setting"], [(setting_id, batch_id, digest, setting_id - 1)])
            held = self._held(setting_id - 1)
            rows = []
            for path, text in sorted(files.items()):
                known, same_as = held.get(path, ("", 0))
                is_same = bool(text) and text == known
                rows.append((setting_id, path, "" if is_same else text, same_as * is_same))
            self._write(LEDGER["setting_file"], rows)
        return setting_id

    def _held(self, setting_id: int) -> dict[str, tuple[str, int]]:
        """The files of a settings version: path -> text, and the version that holds it."""
        rows = self.con.execute(
            "select f.path, h.text, h.setting_id from setting_file as f"
            " join setting_file as h on h.path = f.path"
            " and h.setting_id = case when f.same_as = 0 then f.setting_id else f.same_as end"
            " where f.setting_id = ? order by f.path",
            [setting_id],
        ).fetchall()
        return {path: (text, held_in) for path, text, held_in in rows}

    def said_in(self, path: str, until: int) -> list[tuple[str, datetime]]:
        """What each version of the settings up to one said in a file, and when it was recorded."""
        return self.con.execute(
            "select h.text, b.recorded_at from setting as s"
            " join batch as b on b.batch_id = s.batch_id"
            " join setting_file as f on f.setting_id = s.setting_id"
            " join setting_file as h on h.path = f.path"
            " and h.setting_id = case when f.same_as = 0 then f.setting_id else f.same_as end"
            " where f.path = ? and s.setting_id <= ? order by s.setting_id",
            [path, until],
        ).fetchall()

    def settings_files(self, setting_id: int) -> dict[str, str]:
        """The files of a settings version: text by path."""
        rows = self._held(setting_id)
        if not rows:
            raise LedgerError(
                "no-setting",
                f"there is no version {setting_id} of the settings",
                looked_for=f"versions 1 to {self._highest('setting', 'setting_id')}",
                remedy="`carbon sql 'select * from setting'` lists them",
            )
        return {path: text for path, (text, _) in rows.items()}

    def run(
        self,
        cut_off: int,
        setting_id: int,
        library_digest: str,
        own_factors_digest: str,
        code_version: str,
        known_on: date,
        recorded_at: datetime | None = None,
    ) -> str:
        """The id of the run that these values fix; it is written down the first time only.

        Raises LedgerError for a cut-off that is still to come: later entries would change the run.
        """
        if cut_off > self.last_batch:
            raise LedgerError(
                "no-batch",
                f"a run cannot count entries up to batch {cut_off}: "
                f"the newest is batch {self.last_batch}",
                remedy=f"take a cut-off of at most {self.last_batch}",
            )
        fixed = (cut_off, setting_id, library_digest, own_factors_digest, code_version, known_on)
        said = [word(value) for value in fixed]
        run_id = digest_of([*said, self._settings_digest(setting_id), *self._acts(cut_off)])
        known = self.con.execute("select run_id from run where run_id = ?", [run_id]).fetchall()
        if not known:
            with self._transaction():
                self._write(LEDGER["run"], [(run_id, *fixed, recorded_at or now())])
        return run_id

    def _settings_digest(self, setting_id: int) -> str:
        """What a version of the settings says, so that two books never share a run."""
        rows = self.con.execute("select digest from setting where setting_id = ?", [setting_id])
        return "".join(row[0] for row in rows.fetchall())

    def _acts(self, cut_off: int) -> list[str]:
        """What was recorded until a cut-off, act by act."""
        rows = self.con.execute(
            "select kind, file, digest, recorded_by from batch where batch_id <= ?"
            " order by batch_id",
            [cut_off],
        ).fetchall()
        return ["\n".join(row) for row in rows]

    def runs(self) -> list[dict[str, Any]]:
        """Every run, oldest first."""
        return self._dicts("select * from run order by recorded_at, run_id")

    def run_row(self, run_id: str) -> dict[str, Any]:
        """One run. Raises LedgerError where there is none."""
        found = self._dicts("select * from run where run_id = $run_id", {"run_id": run_id})
        if not found:
            raise LedgerError(
                "no-run",
                f"there is no run {run_id}",
                remedy="`carbon sql 'select * from run'` lists them",
            )
        return found[0]
