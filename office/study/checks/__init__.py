"""What is true of every run, whatever the office, the mail and the seed: one invariant a file."""

from office.study.checks.all_checks import check, checked
from office.study.checks.finding import Check, check_table

__all__ = ["Check", "check", "check_table", "checked"]
