"""The command line: `main` is the program `carbon`.

`run` takes the arguments, hands them to `verbs` and gives the exit code: 0 fine, 1 the data has
problems that block an answer, 2 the command was wrong. Errors go to standard error, in the one
form of `errors.told`; nobody ever sees a traceback. `--help` and `--version` are answered here,
before anything large is imported, because a command answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from carbon import __version__

HELP = """\
A carbon ledger: from activity data to inventories, projections and targets.

Usage: carbon [-C DIR] VERB ...

Start
  demo [ai|maker|undisclosed]  write a sample book and print its report
  init DIR                     start a new book

Record
  log                          one entry; log trip, instrument, credit, claim,
                               denominator, indicator, goal, equipment, service,
                               refrigerant-stock for other things
  form                         a month line by line, with last year beside; --serve
                               for a browser on this machine
  estimate                     what an unmetered space uses, by its floor area
  template OUT.xlsx            a workbook for others to fill in
  import FILE...               many entries: CSV, Excel, Parquet, Green Button
  correct ENTRY                supersede an entry
  withdraw ENTRY|ID            take an entry or certificate back

Look
  report                       the whole picture
  inventory [PERIOD]           totals, location-based and market-based
  instruments [YEAR]           what covers the electricity bought, and why not more
  chp YEAR                     heat and power of a plant, and a buyer's factor
  boundary                     entities and sites, and what counts of each
  base-year [YEAR]             as reported, and recalculated for structure
  explain FIGURE               one figure down to its bills
  uncertainty [YEAR]           the 95 % range of every total
  refrigerants [YEAR]          leaks by three methods, and what each rests on
  entries                      what the ledger holds
  coverage [YEAR]              its days: read, billed, estimated, missing
  claims [YEAR]                what is claimed beside the inventory
  substitution YEAR            what trips avoided: --of metro_travel --by taxi
  checklist [YEAR]             sources of each site, and whether entries agree
  check                        every finding, with the command that mends it
  acknowledge ID               let a warning stand, with the reason
  energy [YEAR]                the energy sheet: MWh and standard coal by carrier
  pue [YEAR]                   how well data centres use their power
  pv [YEAR]                    what PV yielded, beside a clear sky
  meters [YEAR]                the tree of meters: what each read, and the rest
  areas [YEAR]                 energy by department and key area
  indicators [YEAR...]         water, packaging, waste, exhaust
  kpi METRIC                   per person, revenue, area: --per people
                               --window 2023-08..2023-12
  goals [YEAR]                 energy goals and what they came to
  case list|update|close       months over their goal, and who works on them

Freeze
  close YEAR                   keep a year as it is
  restate YEAR                 a closed year beside the same year now

Look ahead
  nowcast [YEAR]               the running year to its end, with an interval:
                               --until 2023-06 --backtest
  project [SCENARIO...]        the years ahead, side by side
  targets [SCENARIO...]        verdict, margin and the pace still needed
  neutrality [YEAR] [SCENARIO...]
                               gross, covered, offset, rest; units missing
  measures SCENARIO            what each does alone, in its order, together
  plan SCENARIO                which measures, from when, meet the targets at
                               least cost: --against path --write NAME
  sensitivity SCENARIO         how often targets hold, what moves them most, and
                               where they turn: --target NAME --draws 50000

Factors and data
  factors search|show          the library of emission factors
  factors diff|lint            what an edition changes, and its faults
  factors copy SET             an own edition from a set, to be edited
  factors sources|export       documents and licences; the library as data
  sql QUERY                    a read-only query against the book

Options
  -C DIR                       the book's folder; default: the nearest carbon.toml
  --format table|json|csv      on every verb that prints figures
  --out FILE                   write there instead of the screen
  --help, --version

carbon VERB --help tells what a verb takes.
"""


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if stream.encoding.lower() not in ("utf-8", "utf8"):
            stream.reconfigure(encoding="utf-8")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Carries out one command and gives its exit code."""
    words = _folder_last(arguments)
    try:
        if not words or words[0] in ("--help", "-h", "-C"):
            print(HELP, end="")
            code = 0
        elif words[0] == "--version":
            print(__version__)
            code = 0
        else:
            code = _answer(words)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0  # who reads has seen enough
    except (KeyboardInterrupt, EOFError):
        print(file=sys.stderr)
        code = 130
    return code


def _answer(words: Sequence[str]) -> int:
    """The verbs, with every fault said in a way a person can mend."""
    from cyclopts import CycloptsError

    from carbon.cli.verbs import app
    from carbon.cli.verbs.shared import complain
    from carbon.errors import CarbonError, UsageError, told

    try:
        code = app(
            words,
            exit_on_error=False,
            print_error=False,
            verbose=False,
            result_action="return_value",
        )
        return code or 0
    except CycloptsError as fault:
        verb = " ".join(["carbon", *(fault.command_chain or ())])
        said, code = told("error", "usage", str(fault), remedy=f"{verb} --help"), 2
    except CarbonError as fault:
        said, code = str(fault), 2 if isinstance(fault, UsageError) else 1
    except (BrokenPipeError, EOFError):
        raise
    except OSError as fault:
        message = f"{fault.filename}: {fault.strerror}" if fault.filename else str(fault)
        said, code = told("error", "file", message, remedy="check the name and its folder"), 2
    except Exception as fault:
        if sys.flags.dev_mode:
            raise
        said, code = _own_fault(fault), 1
    complain(said)
    return code


def _own_fault(fault: Exception) -> str:
    """A fault of the program, said without a traceback (PYTHONDEVMODE=1 shows it)."""
    from traceback import extract_tb

    from carbon.errors import told

    spot = extract_tb(fault.__traceback__)[-1]
    return told(
        "error",
        "internal",
        f"{type(fault).__name__}: {fault}",
        where=f"{spot.filename}, line {spot.lineno}",
        remedy="this is a fault of carbon, not of your data: report it with the command above",
    )


def _folder_last(arguments: Sequence[str]) -> list[str]:
    """`carbon -C DIR verb ...` as `carbon verb ... -C DIR`."""
    if len(arguments) < 3 or arguments[0] != "-C":
        return list(arguments)
    words = list(arguments[2:])
    end = words.index("--") if "--" in words else len(words)
    return [*words[:end], *arguments[:2], *words[end:]]
