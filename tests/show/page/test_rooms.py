from office.show.page.rooms import rooms
from tests.show.page.offices import mixed, stages, teams


def drawn(journal, limit=60):
    """The stacks with names instead of places; a desk with a team is a pair."""
    layout = rooms(journal, limit)
    names = [journal.desks[desk].rpartition("/")[2] for desk in layout.desks]

    def named(stacks):
        return [[member(desk) for desk in stack] for stack in stacks]

    def member(desk):
        name = names[desk["desk"]]
        return (name, named(desk["team"])) if desk["team"] else name

    return named(layout.stacks)


def test_departments_stand_on_one_another_and_teams_side_by_side_in_the_room_of_their_manager():
    team = [["alex"], ["bo", "casey"], [("night", [["dani"]])]]
    assert drawn(mixed()) == [[("estimates", team), "legal", ("print", [["ely"], ["fei"]])]]


def test_workers_are_those_who_have_no_team():
    journal, layout = mixed(), rooms(mixed())
    names = [journal.desks[layout.desks[place]].rpartition("/")[2] for place in layout.workers]
    assert names == ["alex", "bo", "casey", "dani", "legal", "ely", "fei"]


def test_levels_are_drawn_while_there_is_room_and_those_below_stand_with_their_boss():
    journal = teams(4, 5)
    assert drawn(journal, 25) == [
        [("works", [[(f"group{group}", [[f"w{k}"] for k in range(5)])] for group in range(4)])]
    ]
    assert drawn(journal, 24) == [[("works", [[f"group{group}"] for group in range(4)])]]
    layout = rooms(journal, 24)
    assert (layout.all_desks, len(layout.desks), sum(layout.within.values())) == (25, 5, 20)
    assert layout.workers == []
    for name, place in zip(journal.desks, layout.stands_for.tolist(), strict=True):
        if place >= 0:
            assert f"{name}/".startswith(journal.desks[layout.desks[place]])
    assert drawn(journal, 4) == [["works"]]


def test_of_a_long_chain_neighbours_are_drawn_as_one():
    assert drawn(stages(7), 3) == [["s0", "s3", "s6"]]
    layout = rooms(stages(7), 3)
    assert layout.within == {0: 2, 1: 2}
    assert layout.stands_for.tolist() == [-1, 0, 0, 0, 1, 1, 1, 2]
    assert drawn(stages(7), 7) == [[f"s{k}" for k in range(7)]]
