"""Did you mean …?"""

from collections.abc import Collection

from rapidfuzz import fuzz, process


def did_you_mean(written: str, choices: Collection[str]) -> str:
    """A hint with the nearest of the choices; '' when none is near."""
    found = process.extractOne(written, list(choices), scorer=fuzz.ratio, score_cutoff=70)
    return f"是不是想写「{found[0]}」" if found else ""
