"""The commands that findings print run as they are printed."""

from __future__ import annotations

import shlex

SITE = '[[site]]\nname = "O\'Brien & sons"\nregion = "CN-ZJ"\n[[site.meter]]\nname = \'grid 1\'\n'


def remedies(book, code):
    return [shlex.split(each.remedy) for each in book.check() if each.code == code]


def recorded(book, tmp_path, rows):
    path = tmp_path / "rows.csv"
    path.write_text("site,meter,activity,month,quantity,unit\n" + "\n".join(rows))
    [report] = book.import_files([path])
    assert report.recorded == len(rows)


def test_names_that_a_shell_would_part_are_quoted(make, tmp_path):
    book = make(SITE, bills={})
    rows = [f"O'Brien & sons,grid 1,electricity,2023-{m:02},100,kWh" for m in range(1, 12)]
    recorded(book, tmp_path, rows)
    [words] = remedies(book, "missing-months")
    said = dict(zip(words[2::2], words[3::2], strict=True))
    assert (said["--site"], said["--meter"]) == ("O'Brien & sons", "grid 1")
    assert said["--month"] == "2023-12"


def test_a_missing_month_is_asked_for_in_the_unit_of_the_others(make, tmp_path):
    book = make(SITE, bills={})
    rows = [f"O'Brien & sons,,natural_gas,2023-{m:02},100,m3" for m in range(1, 12)]
    recorded(book, tmp_path, rows)
    [words] = [each for each in remedies(book, "missing-months") if "natural_gas" in each]
    assert words[words.index("--unit") + 1] == "m3"
