"""What editors are told."""

import json
from pathlib import Path

import pytest

from wxbot.adapters.content import schemas
from wxbot.adapters.content.wording import shipped_texts, shipped_words

COMMITTED = Path(__file__).parents[3] / "docs" / "schema"


@pytest.mark.parametrize("name", list(schemas()))
def test_the_committed_schemas_are_the_generated_ones(name) -> None:
    committed = (COMMITTED / name).read_text(encoding="utf-8")

    assert committed == schemas()[name], "run `wxbot schema --write docs/schema`"


def test_texts_may_look_like_numbers_and_booleans() -> None:
    entry = json.loads(schemas()["answers.schema.json"])["$defs"]["Entry"]["properties"]

    assert entry["id"]["type"] == ["string", "number", "boolean"]
    assert entry["similar"]["items"]["type"] == ["string", "number", "boolean"]


def test_every_key_is_described_in_chinese() -> None:
    for text in schemas().values():
        schema = json.loads(text)
        for section in [schema, *schema["$defs"].values()]:
            for key, value in section.get("properties", {}).items():
                assert any("\u4e00" <= sign <= "\u9fff" for sign in value["description"]), key


def test_editors_complete_the_names_of_the_texts() -> None:
    texts = json.loads(schemas()["menus.schema.json"])["properties"]["texts"]

    assert texts["propertyNames"]["enum"] == list(shipped_texts())


def test_the_shipped_words_know_the_usual_ways_to_ask_for_a_person() -> None:
    words = shipped_words()

    for text in (
        "人工",
        "转人工",
        "人工客服",
        "真人",
        "客服",
        "转接人工",
        "我要人工",
        "请帮我转人工谢谢",
        "有没有人工客服",
    ):
        assert words.wants_human(text), text
    assert not words.wants_human("人工智能")
    assert words.wants_to_leave("取消排队吧")
    assert {"分类", "菜单", "常见问题"} <= words.browse
    assert {"继续", "更多"} <= words.more
