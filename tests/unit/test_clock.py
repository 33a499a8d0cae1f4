"""The zone of what the command line shows."""

import os
import subprocess
import sys

SHOWN = (
    "from datetime import datetime\n"
    "from wxbot.entrypoints.cli import go_by_the_accounts_clock\n"
    "go_by_the_accounts_clock()\n"
    "print(datetime.fromtimestamp(0).strftime('%H:%M'))"
)


def test_times_are_those_of_china_on_a_machine_of_another_zone() -> None:
    assert shown() == "08:00"


def test_times_are_those_of_the_zone_that_is_set() -> None:
    assert shown(TZ="Asia/Tokyo") == "09:00"


def shown(**variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "TZ"} | variables
    return subprocess.run([sys.executable, "-c", SHOWN], env=environment, capture_output=True, text=True).stdout.strip()
