"""The documents say what is true: every setting, command, text key and YAML block in them is checked."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from tests.environment import names_read
from wxbot.adapters import content
from wxbot.adapters.wechat.errors import MEANINGS
from wxbot.domain.action import KINDS
from wxbot.domain.dialogue import RULES, answered
from wxbot.entrypoints.cli import COMMANDS
from wxbot.service.doctor.cures import CURES

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
OPERATORS = (ROOT / "docs/operators.md").read_text(encoding="utf-8")
ANSWERS = "answers/block.yaml"
BLOCKS = re.findall(r"```yaml\n(.*?)```", OPERATORS, re.DOTALL)


@pytest.mark.parametrize("name", sorted(names_read(files=False)))
def test_every_setting_is_in_both_readmes(name: str) -> None:
    for readme in READMES:
        assert f"`{name}`" in (ROOT / readme).read_text(encoding="utf-8"), readme


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_both_readmes(name: str) -> None:
    for readme in READMES:
        assert re.search(rf"`wxbot {name}\b", (ROOT / readme).read_text(encoding="utf-8")), readme


def test_the_readmes_open_with_the_two_commands() -> None:
    for readme in READMES:
        opening = (ROOT / readme).read_text(encoding="utf-8")[:400]

        assert "make run" in opening
        assert "make test" in opening


def _file_of(block: str) -> str:
    """Where an operator would write it."""
    keys = yaml.safe_load(block)
    if "version" in keys:
        return "menus.yaml"
    return f"answers/block{'.cases' if 'cases' in keys else '.dialog' if '对话' in keys else ''}.yaml"


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_yaml_block_of_the_manual_is_sound(block: str, tmp_path: Path) -> None:
    name = _file_of(block)
    others = [] if name in ("menus.yaml", ANSWERS) else [other for other in BLOCKS if _file_of(other) == ANSWERS]
    (tmp_path / "answers").mkdir()
    (tmp_path / "menus.yaml").write_text("version: 1\nofficial: {links: [example.com]}\n", encoding="utf-8")
    for number, other in enumerate(others):
        (tmp_path / f"answers/{number}.yaml").write_text(other, encoding="utf-8")
    (tmp_path / name).write_text(block, encoding="utf-8")

    examined = content.examine(tmp_path)
    assert examined.errors + examined.warnings == ()


def test_every_action_is_explained_to_operators() -> None:
    missing = [kind for kind in KINDS if not re.search(rf"\| `{kind}[`:]", OPERATORS)]

    assert missing == []


def test_every_key_of_the_files_is_explained_to_operators() -> None:
    keys = {key for text in content.schemas().values() for key in re.findall(r'"([a-z_\u4e00-\u9fff]+)": \{', text)}
    structural = {"properties", "items", "defs", "additional_properties"} | {f.name for f in fields(content.Loaded)}

    missing = [key for key in sorted(keys - structural) if not re.search(rf"\b{key}\b", OPERATORS)]

    assert missing == []


def test_every_error_code_is_in_the_troubleshooting_table() -> None:
    rows = [f"| {code} | {MEANINGS[code]} | {cure.text} | {cure.page} |" for code, cure in sorted(CURES.items())]

    assert "\n".join(rows) in OPERATORS


def test_every_refusal_that_operators_may_see_is_in_the_manual() -> None:
    firsts = re.findall(r"^\| (-?\d+(?:、\d+)*) \|", OPERATORS, re.MULTILINE)
    explained = [int(code) for first in firsts for code in first.split("、")]

    assert sorted(explained) == sorted(MEANINGS)


def test_the_rules_stand_in_the_architecture_in_their_order() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    chapter = page.partition("## The order of the rules\n")[2].partition("\n## ")[0]
    names = [rule.__name__ for rule in (*RULES, answered)]

    # Where a rule stands is the first place that names it; others may refer to it again.
    listed = re.findall(r"`(\w+)`", chapter.partition("\n1. ")[2])
    assert list(dict.fromkeys(name for name in listed if name in names)) == names


def test_every_link_inside_the_manual_leads_to_a_heading() -> None:
    headings = re.findall(r"^#{2,3} (.+)$", OPERATORS, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", OPERATORS)) <= anchors


def test_every_chapter_of_the_manual_is_in_its_table_of_contents() -> None:
    listed = re.findall(r"^- \[(.+?)\]\(#", OPERATORS, re.MULTILINE)

    assert listed == re.findall(r"^## (.+)$", OPERATORS, re.MULTILINE)
