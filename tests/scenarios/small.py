"""Scenarios at a small size: what takes long takes seconds, and says less. Each text stands once in its script."""

SMALL = {
    "california": {
        "TEAMS = 1000": "TEAMS = 2",
        "ONE_BY_ONE = 12_000": "ONE_BY_ONE = 120",
        "BY_MAIL = 4": "BY_MAIL = 1",
        "[(PROJECTS, TARGETS)] * recipe.tasks": "[(PROJECTS, TARGETS)] * 30",
    },
    "cars": {
        '{"maximum": 3, "average": 1}': '{"maximum": 1, "average": 1}',
        "EPOCHS = 20": "EPOCHS = 10",
        "FOLDS, FOLDS_SEED = 10, 1": "FOLDS, FOLDS_SEED = 2, 1",
        "ProcessPoolExecutor(os.cpu_count(), ": "ProcessPoolExecutor(1, ",
        "json.loads(data.cars.raw())": "json.loads(data.cars.raw())[::8]",
    },
    "cures": {
        "UPDATES, BATCH = 900, 32": "UPDATES, BATCH = 2, 32",
        "seeds, watch=": "seeds, processes=1, watch=",
        "SEEDS, MANY = 2, 10": "SEEDS, MANY = 1, 2",
    },
    "digits": {
        "SEEDS, EPOCHS, BATCH = 10, 20, 32": "SEEDS, EPOCHS, BATCH = 1, 10, 32",
        "TRAINED = 1437": "TRAINED = 320",
    },
    "flights": {'parse_dates=["time_hour"])': 'parse_dates=["time_hour"], nrows=3_000)'},
    "late": {"TASKS, RATE = 12_000, 200.0": "TASKS, RATE = 1_000, 200.0"},
    "orders": {
        "range(1, 5)": "range(1, 4)",
        "checks_hold], seed": "checks_hold], max_runs=30, seed",
        "losses=1, seed": "losses=1, max_runs=30, seed",
    },
    "saturation": {"TEAMS, TASKS, RATE = 50, 500, 0.6": "TEAMS, TASKS, RATE = 50, 160, 0.6"},
    "stale": {"range(11)": "range(3)"},
    "strike": {"TASKS, COLUMNS, RATE = 1_200, 3, 0.02": "TASKS, COLUMNS, RATE = 120, 3, 0.02"},
    "wait_or_not": {
        "SEEDS, EPOCHS, BATCH, TRAINED = 3, 20, 32, 1437": "SEEDS, EPOCHS, BATCH, TRAINED = 1, 2, 32, 1437",
    },
}


def small(name, text):
    """The text of a script, at a small size."""
    for constant, smaller in SMALL[name].items():
        assert text.count(constant) == 1, f"{constant} does not stand once in {name}.py"
        text = text.replace(constant, smaller)
    return text
