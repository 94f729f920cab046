import numpy as np

from office.study.checks.check import NAMED, Entry, finding
from tests.study.checks.doctoring import Doctored

SOUND = Doctored().journal


def check_of(*broken):
    return finding("name", "all is well", {"messages": 7, "copies": 1}, *broken)


def test_a_check_that_no_entry_breaks_holds():
    check = check_of((np.arange(0), "it is wrong"))
    assert (check.holds, check.broken, check.entries) == (True, 0, ())


def test_a_check_names_each_entry_once_with_all_that_is_wrong_with_it():
    check = check_of((np.array([3, 8]), "it is wrong"), (np.array([1, 3]), lambda row: f"no {row}"))
    assert (check.holds, check.broken) == (False, 3)
    reasons = (1, "no 1"), (3, "it is wrong; no 3"), (8, "it is wrong")
    assert check.entries == tuple(Entry("mail", row, why) for row, why in reasons)


def test_only_so_many_entries_are_named_and_all_are_counted():
    check = check_of((np.arange(2000), "it is wrong"))
    assert (check.broken, len(check.entries)) == (2000, NAMED)
