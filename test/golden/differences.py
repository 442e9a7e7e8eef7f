"""Where numbers that were made again differ from the committed ones."""


def differences(found, expected, at=""):
    """Places where two trees of numbers differ by more than the last digits of float64 and the rounding allow."""
    if isinstance(expected, dict):
        if found.keys() != expected.keys():
            return [f"{at}: {sorted(found)} instead of {sorted(expected)}"]
        return [line for key in expected for line in differences(found[key], expected[key], f"{at}/{key}")]
    if isinstance(expected, list):
        if len(found) != len(expected):
            return [f"{at}: {len(found)} values instead of {len(expected)}"]
        return [line for i, pair in enumerate(zip(found, expected)) for line in differences(*pair, f"{at}[{i}]")]
    close = abs(found - expected) <= 1e-8 * max(1, abs(expected))
    return [] if close else [f"{at}: {found} instead of {expected}"]
