"""How many small lies in a journal `office check` finds: `python -m tests.benchmarks.mutations [--each N]`.

Journals of real runs, of offices of every kind, are changed in one thing each: a row dropped, doubled, moved to another
table, a value changed in some column, a setting. All count, those that no one could know among them, such as a delay
that the mail might as well have drawn. With `--missed mail` those changes to mail are shown that were not noticed.
"""

import argparse

from office.study.checks import check
from tests.study.checks.mutants import CHANGES, mutants


def main() -> None:
    """Count, kind by kind, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=8, help="so many changes of a kind to each journal")
    parser.add_argument("--missed", default=None, help="show what was not noticed of kinds that begin so")
    options = parser.parse_args()
    made = noticed = 0
    print(f"{'what was changed':32}{'how often':>10}{'noticed':>10}")
    for kind in CHANGES:
        finds = [(office, mutant, bool(check(mutant.journal))) for office, mutant in mutants(kind, each=options.each)]
        found_out = sum(is_noticed for *_, is_noticed in finds)
        made, noticed = made + len(finds), noticed + found_out
        print(f"{kind:32}{len(finds):10}{found_out:10}", flush=True)
        if options.missed is not None and kind.startswith(options.missed):
            print(*(f"  {office}: {mutant.row}" for office, mutant, is_noticed in finds if not is_noticed), sep="\n")
    print(f"{'in all':32}{made:10}{noticed:10}   {noticed / made:.1%}")


if __name__ == "__main__":
    main()
