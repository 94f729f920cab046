"""A module whose state two desks share."""

BOOK = []
NUMBER = 0
