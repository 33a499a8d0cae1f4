"""What the developer has set is not what the tests run with."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.environment import names_read

SHOW = "import tests.conftest, json, os; print(json.dumps(sorted(os.environ)))"


def test_every_setting_is_gone_before_any_fixture_can_start_a_process() -> None:
    names = names_read(files=True)
    poisoned = os.environ | dict.fromkeys(names, "the developer's own")

    shown = subprocess.run(
        [sys.executable, "-c", SHOW], env=poisoned, cwd=Path(__file__).parent.parent, capture_output=True, check=True
    )

    assert {"NOTICE_WECOM_URL", "SECRET_KEY", "SECRET_KEY_FILE", "WXBOT_MEDIA", "TZ"} <= names
    assert names.isdisjoint(json.loads(shown.stdout))
