from office.show.life_text import life_table, life_title
from office.study import why
from tests.study.checks.doctoring import Doctored
from tests.study.journals import clerk, run


def text_of(life):
    return f"{life_title(life)}\n\n{life_table(life)}"


def test_a_copy_is_shown_with_its_number_and_what_became_of_it():
    journal = run(clerk("alex"), mail="delay 10ms 9ms corrupt 20% duplicate 40% loss 10%").journal
    lives = [why(journal, task) for task in range(40)]
    life, hop = next((life, hop) for life in lives for hop in life.hops if hop.copy and hop.fate == "repeat")
    assert f"repeat, copy {hop.copy} of message {hop.number}" in text_of(life)


def test_the_life_of_a_task_is_shown_in_order_of_time_with_what_befell_it():
    journal = Doctored().journal
    text = text_of(why(journal, 3))
    at = [text.index(what) for what in ("lost, team/alex had heard", "team/bo: forgotten", "team: results expired",
                                        "team/bo: stray")]  # fmt: skip
    assert at == sorted(at)
    assert "team/alex works on it until 30 ms" in text
    assert "the people above speak of it: loss 0.5" in text_of(why(journal, 22))
    assert text.splitlines()[0] == "task 3: 7 messages"
