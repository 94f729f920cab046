import pytest

from office.study.checks import check
from tests.study.checks.mutants import CHANGES, OFFICES, journal_of, mutants
from tests.tiers import is_thorough


@pytest.mark.parametrize("office", OFFICES)
def test_nothing_is_wrong_with_the_journal_of_a_real_run(office):
    assert check(journal_of(office)) == []


@pytest.mark.unwatched
def test_nineteen_of_twenty_small_changes_to_a_journal_are_noticed():
    kinds, each = (list(CHANGES), 8) if is_thorough() else (list(CHANGES)[::4], 1)
    noticed = [bool(check(mutant.journal)) for kind in kinds for _, mutant in mutants(kind, each=each)]
    assert len(noticed) > 150
    assert sum(noticed) >= 0.95 * len(noticed)


def test_where_a_run_ends_with_the_clients_patience_it_is_known_how_long_that_was():
    noticed = [
        (office, bool(check(mutant.journal)))
        for office, mutant in mutants("settings: patience", each=8)
        if office == "rough"
    ]
    assert noticed == [("rough", True)] * 8
