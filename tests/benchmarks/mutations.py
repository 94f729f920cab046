"""How many small lies in a journal `office check` finds: ``python -m tests.benchmarks.mutations [of each office]``."""

from __future__ import annotations

import sys
from collections import Counter

from office.study.checks import check
from tests.study.checks.mutants import CHANGES, OFFICES, journal_of, mutants


def main() -> None:
    """Count and print."""
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    show = sys.argv[2] if len(sys.argv) > 2 else ""
    for office in OFFICES:
        broken = check(journal_of(office))
        if broken:
            print(office, *[(b.name, b.broken, b.entries[:3]) for b in broken])
    total = Counter()
    for kind in CHANGES:
        count = Counter()
        for office, mutant in mutants(kind, each=each):
            count["all"] += 1
            caught = bool(check(mutant.journal))
            count["caught"] += caught
            if not caught and show and kind.startswith(show):
                print("   ", office, mutant.row)
        total.update(count)
        print(f"{kind:32}{count['all']:6}{count['caught']:6}", flush=True)
    print(total)


if __name__ == "__main__":
    main()
