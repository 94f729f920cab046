from office.cli import scenarios
from tests.cli.command_line import invoke


def test_list_shows_every_scenario_on_a_line_of_its_own():
    status, text = invoke("list")
    assert (status, [line.split()[0] for line in text.splitlines()]) == (0, list(scenarios()))
    assert "Feedback out of order finds whoever did the task." in text
