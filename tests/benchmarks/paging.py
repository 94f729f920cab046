"""What a replay page of a million messages takes: `python -m tests.benchmarks.paging [--json]`.

Its size, the time to make it from a journal, and the time that Chromium takes to open it, in the best of a few rounds.
Needs the extra `browser`, and Chromium.
"""

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from office.show import write_replay_page
from tests.study.journals import a_million_messages

ROUNDS = 5
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def measure(folder: Path) -> dict[str, float]:
    """Messages, megabytes, and seconds."""
    journal, path = a_million_messages(), folder / "page.html"
    begin = time.perf_counter()
    write_replay_page(journal, path, title="a run", command="")
    made = time.perf_counter() - begin
    opened = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for _ in range(ROUNDS):
            page = browser.new_page()
            page.goto(path.as_uri())
            page.wait_for_selector("body.ready")
            opened.append(page.evaluate(LOADED) / 1e3)
            page.close()
        browser.close()
    return {"messages": len(journal), "MB": path.stat().st_size / 1e6, "s to make": made, "s to open": min(opened)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    as_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder))
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        print(", ".join(f"{number:,.2f} {what}" for what, number in figures.items()))


if __name__ == "__main__":
    main()
