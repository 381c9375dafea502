"""What may be written as a unit? Writes `docs/units.md`, and the factors in `carbon/units.csv`.

The exact sizes stand in `carbon/units.txt`, pint works each unit of the table out from them. To
add a unit: define it there, add its row to the table with any factor, and run

    python docs/list_units.py
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from carbon.units import AMBIGUOUS, CANONICAL, TABLE, known_units, registry, table_rows

PAGE = Path(__file__).with_name("units.md")
HEAD = """# Units

Written by `python docs/list_units.py` from `carbon/units.csv` and the exact definitions in
`carbon/units.txt`; do not edit.

Every unit that may be written in an activity file, on the command line or in a scenario. A name is
matched whole: what is not on this page is refused, with the nearest name that is. Upper and lower
case, blanks, hyphens, underscores, full-width letters and the way a power is set (`m3`, `m^3`,
`m³`) do not matter, nor which sign of multiplication is used (`kW.h`, `kW·h`, `kW*h`); the
exceptions stand at the end.

- `mwh` and `MWH` are megawatt-hours, as on every energy bill, and `mw` is megawatts; only `mWh` and
  `mW`, spelt with care, are refused.
- `m3` is a gas or a liquid as billed, `L` a liquid. Where an activity is counted in litres, m3 is
  1000 of them; where it is counted in m3, it is a gas, and litres are refused.
- `Nm3`, `标方` and `标立方米` are cubic metres at normal conditions (0 degrees C). They never
  become `m3`: that takes a temperature and a pressure. `标准立方米` is refused: the gas trade means
  20 degrees C by it, others 0. `scf` is a cubic foot; its reference state belongs to the factor
  set, like that of `m3`.
- `tce` is standard coal, a kind of its own. What it is worth in energy is said by an edition of
  GB/T 2589.
- An energy of fuel may say by which heating value it is meant: `kWh (gross)`, `MMBtu HHV`,
  `GJ GCV`, `MWh 高位`; or `kWh (net)`, `NCV`, `LHV`, `低位`. Gross energy is a kind of its own and
  never becomes net by itself, nor net gross: only a factor set that prints both heating values
  leads from one to the other. What says nothing is net, as in China and at the IPCC.
- `kcal` is the International Table calorie (4.1868 J), `Btu` the International Table Btu, and
  `therm` 100,000 of these, as on bills of gas; the legal US therm of 1968 would be 0.02 % less.
- `kWp`, `MW DC` and `MW AC` are read as kW and MW: the figure is the capacity as stated.
- Python code may also convert ratios of two of these units, such as `kg/kWh` to `t/MWh`.
"""
REFUSED = """
## Refused, because they have more than one reading

A name in lower case stands for every case of it, a name with a capital for exactly that spelling.
`m`, `g`, `Mg`, `ml` and `mL` as such are understood.

| written | may mean | write |
|---|---|---|
"""


def table_text() -> str:
    """The table with its units and names as they stand, and its factors as pint has them."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    out = io.StringIO()
    out.writelines(f"{line}\n" for line in lines if line.startswith("#"))
    table = csv.DictWriter(out, list(table_rows()[0]), lineterminator="\n")
    table.writeheader()
    bases = {kind: name for name, (kind, size) in CANONICAL.items() if size == 1}
    for row in table_rows():
        one = registry().Quantity(Fraction(1), row["definition"])
        table.writerow(row | {"factor": _plain(one.to(bases[row["dimension"]]).magnitude)})
    return out.getvalue()


def page_text() -> str:
    """The page: every unit, its size and its names."""
    parts = [HEAD]
    for kind in dict.fromkeys(each.dimension for each in known_units()):
        parts.append(
            f"\n## {kind[0].upper()}{kind[1:]}\n\n| unit | is | also written |\n|---|---|---|\n"
        )
        for each in known_units():
            if each.dimension == kind:
                size = f"{_plain(each.factor)} {each.canonical}"
                parts.append(f"| `{each.name}` | {size} | {', '.join(each.names)} |\n")
    parts.append(REFUSED)
    for names, meaning, write in AMBIGUOUS:
        parts.append(f"| {', '.join(names)} | {meaning} | {write} |\n")
    return "".join(parts)


def _plain(number: Fraction) -> str:
    """An exact number in plain digits; all of the table's have an end."""
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
        if places > 40:
            raise ValueError(f"{number} has no end in decimals")
    return f"{Decimal((number * 10**places).numerator).scaleb(-places):f}"


def main() -> None:
    TABLE.write_text(table_text(), encoding="utf-8", newline="\n")
    PAGE.write_text(page_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
