"""How much one property of samples tells about another."""

from collections import Counter, defaultdict
from collections.abc import Sequence


def cramers_v(pairs: Sequence[tuple[str, str]]) -> float:
    """Give Cramér's V of two properties of the same things: 0 they tell nothing of each other, 1 all."""
    cells, ones, others = Counter(pairs), Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    total, least = len(pairs), min(len(ones), len(others)) - 1
    if least < 1:
        return 0.0
    # Chi squared by the cells that are there: the others add their expected counts, which all sum up to `total`.
    seen = sum(count**2 * total / (ones[one] * others[other]) for (one, other), count in cells.items())
    return float(max(0.0, (seen - total) / (total * least)) ** 0.5)


def correlation_ratio(pairs: Sequence[tuple[str, float]]) -> float:
    """Give eta squared: the part of a number's variance that a class explains, 0 to 1."""
    of_class: defaultdict[str, list[float]] = defaultdict(list)
    for name, value in pairs:
        of_class[name].append(value)
    mean = sum(value for _, value in pairs) / max(1, len(pairs))
    whole = sum((value - mean) ** 2 for _, value in pairs)
    between = sum(len(values) * (sum(values) / len(values) - mean) ** 2 for values in of_class.values())
    return between / whole if whole else 0.0
