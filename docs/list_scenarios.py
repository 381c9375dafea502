"""What may a scenario file say? Writes `docs/scenarios.md` from the models in `carbon/scenarios/`.

To add a kind of measure: write its module in `carbon/scenarios/kinds/`, its line in `KINDS`, and
run

    python docs/list_scenarios.py
"""

from __future__ import annotations

from pathlib import Path

from list_settings import Place, about
from list_settings import keys as keys_of
from pydantic import BaseModel

from carbon.scenarios import KINDS, Denominator, File, Grid, Measure
from carbon.scenarios.equipment import KW_PER_TON, equipment

PAGE = Path(__file__).with_name("scenarios.md")
HEAD = """# The scenarios of a book

Written by `python docs/list_scenarios.py` from `carbon/scenarios/`; do not edit. A test holds it
to that.

A file `scenarios/NAME.toml` says what may happen: what grows, what is done, how grids go on.
`carbon project NAME` computes its years by the same steps as recorded ones: each planned month is
the same month of the last complete year, times what the measures do to it, plus what they add. A
scenario may stand on another one (`based_on`) and states the differences alone. Every number has
a source, or says `assumption`. A key that means nothing for the kind of its measure is refused.

```toml
name = "path"
based_on = "baseline"

[[measure]]
name = "refrigerating stations"
area = "buildings"
stage = "reduction"
kind = "efficiency"
status = "approved"
site = "works"
activity = "electricity"
sub_load = "chillers"
share = 0.25
gain = 0.20
start = "2026-07"
ramp_months = 24
source = { gain = "offer of May 2025", share = "assumption" }
spread = { gain = [0.15, 0.22], share = [0.20, 0.30] }
```

## How measures act together

- Measures on one load multiply, in the order the file states them; those of the base come first.
  The product is the same in any order; the order says what each takes off after those before it.
- Measures on different sub-loads of one load act each on its own share, so their savings add up;
  on the same sub-load they multiply. The shares of a load come to no more than 1.
- Amounts (`saving`, `heat`, `pv`) are taken off after all multipliers, as stated. A plan that
  takes more electricity off a site than it buys is refused.
- What moves (`fleet`, `travel`, `closes`) is what the measure takes off the load as the other
  measures leave it.
- A measure at work in the base month already is in its figure, and is not counted again.
- Measures that stand `instead_of` one another and are both in a scenario are a finding, and a
  note below the projection: both are computed.

## What comes about

`delivery` is the share of what a measure promises that comes about, 1 unless stated: 0.8 of a cut
of 0.10 cuts 0.08, of certificates of 100 MWh come 80. `spread` says within which bounds its
author expects a number in 95 of 100 cases, as `{ gain = [0.15, 0.22] }`; an amount such as `"5.4
MW"` by its number. Paths and amounts by year have no single number: give the bounds of their
`delivery`.

**Verified savings.** A measure with `status = "verified"` and a `baseline` may state what was
measured by reporting year, `verified = { 2024 = "812 MWh" }`. In these years that stands instead
of the estimate, and the last ratio of the two goes on after them. What was measured in the base
year is in its bills, so only its ratio goes on. `carbon check` says every ratio. Example: 12,000
MWh a year, a cut of 0.10 is estimated to save 1,200 MWh; 900 MWh were measured in 2024, so 0.75
of it: 11,100 MWh are left in 2024 and later.

"""
LIMITS = """
## Limits

- Leaks of refrigerants end with a site that closes and go nowhere. A new site has those that were
  entered of the one it is like; what is in the register of that one is no model of its own.
- A closing site moves what it bought. What its own PV gave it is not among that.
- A new site with stated amounts is left alone by all other measures.
- The electricity of a fleet and trips made otherwise are added as they are; measures on the bill
  that takes them act on what the bill held before.
- The weights of IPLV (AHRI 550/590) were at hand in secondary copies only and are not supplied:
  state `cold_at`, or two IPLV.
"""
SHARED = set(Measure.model_fields)


def page_text() -> str:
    """The page."""
    parts = [HEAD, "## The file\n\n", _table(File, without={"measure", "grid", "denominator"})]
    parts += ["\n## `[[grid]]`\n\n", about(Grid), "\n\n", _table(Grid)]
    parts += [
        "\nExample: 500 g/kWh in 2023 and an `annual_change` of -0.02 are 490 in 2024 and 480.2 in"
        " 2025.\n\nA path of the accounting `market` is that of the residual mix: of what no"
        " contract covers. Where a market has none yet, the average stands for it until a path"
        " says otherwise.\n"
    ]
    parts += ["\n## `[[denominator]]`\n\n", about(Denominator), "\n\n", _table(Denominator)]
    parts += [
        "\nExample: 200 million RMB in 2023 and an `annual_change` of 0.05 are 210 in 2024 and"
        " 220.5 in 2025. Draws hold it at what is stated.\n"
    ]
    parts += ["\n## `[[measure]]`\n\nWhat all kinds share:\n\n", _table(Measure)]
    parts.append("\n| kind | does |\n|---|---|\n")
    for kind, model in KINDS.items():
        first = about(model).partition(". ")[0].removesuffix(".")
        parts.append(f"| [`{kind}`](#{kind}) | {first}. |\n")
    for kind, model in KINDS.items():
        parts.append(_section(kind, model))
    parts.append(LIMITS)
    parts.append(_equipment())
    return "".join(parts)


def _section(kind: str, model: type[Measure]) -> str:
    own = {
        name
        for name, field in model.model_fields.items()
        if name not in ("kind", *model.WITHOUT)
        and (name not in SHARED or field.is_required() != Measure.model_fields[name].is_required())
    }
    words = [" or ".join(f"`{name}`" for name in group) for group in model.ONE_OF]
    lines = [f'\n### {kind}\n\n{about(model)}\n\n```toml\nkind = "{kind}"\n']
    lines.append(f"{model.EXAMPLE.strip()}\n```\n\n")
    lines.append(_table(model, without=set(model.model_fields) - own))
    if words:
        lines.append(f"\nExactly one of {'; one of '.join(words)}.\n")
    if model.WITHOUT:
        unused = ", ".join(f"`{name}`" for name in sorted(model.WITHOUT))
        lines.append(f"\nMeans nothing here: {unused}.\n")
    lines.append(f"\nWorked example: {model.WORKED}\n")
    return "".join(lines)


def _table(model: type[BaseModel], without: set[str] = frozenset()) -> str:
    """The keys of a table."""
    hidden = {model.model_fields[name].alias or name for name in without}
    rows = ["| key | is | by default | unit | meaning |\n|---|---|---|---|---|\n"]
    found = keys_of(Place("", "", model))
    for key in sorted(found, key=lambda each: each.name in ("delivery", "spread")):
        if key.name not in hidden:
            cells = [cell.replace("|", "\\|") for cell in key[1:]]
            rows.append(f"| `{key.name}` | {' | '.join(cells)} |\n")
    return "".join(rows)


def _equipment() -> str:
    rows = [
        "\n## Published efficiencies\n\nWhat a station may name, as printed in kW per ton of "
        f"refrigeration, and as kW of cold for a kW ({float(KW_PER_TON):.5f} over it). Sizes are "
        "in tons.\n\n| name | kW/ton | COP |\n|---|---|---|\n"
    ]
    for each in equipment().values():
        printed = float(KW_PER_TON / each.efficiency)
        rows.append(f"| `{each.equipment_id}` | {printed:g} | {float(each.efficiency):.3f} |\n")
    sources = sorted({each.source for each in equipment().values()})
    return "".join(rows) + f"\nSource: {'; '.join(sources)}.\n"


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8", newline="\n")
