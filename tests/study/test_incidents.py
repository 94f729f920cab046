from office.study.incidents import incidents
from tests.study.journals import INBOX, made_up


def test_incidents_are_found_by_desk_and_kind_with_the_task_and_the_time():
    happened = [(3, "crashed", None), (3, "forgotten", 8), (4, "forgotten", "rice"), (5, "stray", 8), (6, "back", None)]
    journal = made_up([(0, 1, INBOX, 8), (0, 2, INBOX, "rice")], incidents=happened)
    tasks, times = incidents(journal, "alex", "forgotten")
    assert ([journal.task_id(task) for task in tasks], times.tolist()) == ([8, "rice"], [3, 4])
    assert [column.tolist() for column in incidents(journal, "alex", "stray", "forgotten")][1] == [3, 4, 5]
    assert [column.tolist() for column in incidents(journal, "bo", "stray")] == [[], []]


def test_an_incident_about_a_task_without_any_mail_is_left_out():
    journal = made_up([(0, 1, INBOX, 8)], incidents=[(3, "forgotten", "tea")])
    assert [column.tolist() for column in incidents(journal, "alex", "forgotten")] == [[], []]
