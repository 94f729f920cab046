"""The tree of errors."""

from office import errors


def drawn(kind, kinds):
    """The lines of a tree, from one of these classes down."""
    below = [other for other in kinds if other.__base__ is kind]
    lines = [kind.__name__]
    for other in below:
        (first, *rest), is_last = drawn(other, kinds), other is below[-1]
        lines.append(f"{'└' if is_last else '├'}── {first}")
        lines += [f"{' ' if is_last else '│'}   {line}" for line in rest]
    return lines


def test_the_tree_in_the_docstring_is_that_of_the_classes():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__module__ == errors.__name__]
    tree = "\n".join(drawn(errors.OfficeError, kinds) + drawn(UserWarning, kinds))
    assert errors.__doc__.endswith(f"\n\n{tree}\n")
