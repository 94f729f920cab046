"""What is true of every run, whatever the office, the mail and the seed."""

from office.study.checks.all_checks import check, checked
from office.study.checks.check import Check

__all__ = ["Check", "check", "checked"]
