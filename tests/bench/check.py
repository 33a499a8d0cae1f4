"""
How long `wxbot check` takes for 10,000 answers with three wordings each, beside merely reading the same YAML.

    python -m tests.bench.check [--rounds N] [--answers N]

Both are processes of their own, from start to end, in turns; medians are printed. Compare the ratios: absolute numbers
are this machine's.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.webhook import every_question, write_content

SIMILAR = ("怎样{}", "{}怎么办")
_READ = "import sys, yaml; [yaml.load(open(name, encoding='utf-8'), yaml.CSafeLoader) for name in sys.argv[1:]]"


def spent(command: Sequence[str]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor, until the command has ended well."""
    before, started = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - started, os.times()
    return seconds, sum(after[2:4]) - sum(before[2:4])


def compare(folder: Path, rounds: int) -> None:
    files = [str(path) for path in folder.rglob("*.yaml")]
    commands = {
        "yaml": [sys.executable, "-c", _READ, *files],
        "wxbot check": [sys.executable, "-m", "wxbot", "--content", str(folder), "check"],
    }
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            took = spent(command)
            if turn:  # the first round compiles what is imported
                results[name].append(took)
    print(f"{'':14}{'s':>8}{'CPU s':>8}{'of yaml':>9}{'slowest':>9}")
    bare = statistics.median(cpu for _, cpu in results["yaml"])
    for name, rounds_ in results.items():
        seconds, cpu = (statistics.median(column) for column in zip(*rounds_, strict=True))
        print(f"{name:14}{seconds:8.2f}{cpu:8.2f}{cpu / bare:9.2f}{max(took for took, _ in rounds_):9.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--answers", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wxbot-bench-") as name:
        write_content(Path(name), every_question(options.answers), SIMILAR)
        compare(Path(name), options.rounds)


if __name__ == "__main__":
    main()
