"""The four rows of the text's tables: located in California, and renewable energy; in millions of dollars."""

import numpy as np

from office.work import Linear

ROWS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
TARGETS = np.array([1.0, 5.0, 8.0, 10.0])

ALEX = ([4.5, 5.5], 1.5)
BO = ([3.5, 8.5], 0.5)
DANI = ([4.0, 0.0], 1.0)
ELY = ([2.0, 7.0], 1.0)


def copies(count, scale, rate, seed):
    """So many copies of one worker, every weight and bias drawn from N(0, scale²)."""
    drawn = np.random.default_rng(seed).normal(0.0, scale, (count, 3))
    return Linear(drawn[:, :2], drawn[:, 2], rate)


def train(team, steps):
    """Full-batch descent on the mean squared error; each copy's own error at the end."""
    for _ in range(steps):
        output, handle_feedback = team(ROWS)
        handle_feedback((output - TARGETS) * (2.0 / len(TARGETS)))
    return np.mean((team(ROWS)[0] - TARGETS) ** 2, axis=-1)
