"""JSON Schemas of the four kinds of files, for completion and hints in editors."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from wxbot.adapters.content.dialog_format import DialogFile
from wxbot.adapters.content.format import AnswersFile, CasesFile, MenusFile
from wxbot.adapters.content.section import Section
from wxbot.adapters.content.wording import shipped_texts

_FILES: dict[str, tuple[type[Section], str]] = {
    "menus.schema.json": (MenusFile, "menus.yaml：公众号、服务时间、联系方式、欢迎语、底部菜单"),
    "answers.schema.json": (AnswersFile, "answers/ 里的文件：一个分类的答案"),
    "cases.schema.json": (CasesFile, "answers/ 里的 *.cases.yaml：试问的话和应得的答案"),
    "dialog.schema.json": (DialogFile, "answers/ 里的 *.dialog.yaml：一段从头演到尾的对话"),
}
_SCALAR = ["string", "number", "boolean"]
"""What editors may take a text for: phone numbers, ids and names that look like numbers or like `on`."""


def schemas() -> dict[str, str]:
    """File name → JSON text, the same on every run."""
    return {name: _render(section, title) for name, (section, title) in _FILES.items()}


def _render(section: type[Section], title: str) -> str:
    body = _loosened(section.model_json_schema(schema_generator=_EditorSchema))
    if "texts" in body["properties"]:
        body["properties"]["texts"]["propertyNames"] = {"enum": list(shipped_texts())}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **body, "title": title}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


class _EditorSchema(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _loosened(schema: Any) -> Any:
    """Without class names, nulls and empty defaults, and with every text as editors may see it."""
    if isinstance(schema, list):
        return [_loosened(piece) for piece in schema]
    if not isinstance(schema, dict):
        return schema
    loose = {key: _loosened(value) for key, value in schema.items()}
    if loose.get("type") == "string" and not loose.keys() & {"enum", "const"}:
        loose["type"] = _SCALAR
    if isinstance(loose.get("type"), str):
        loose.pop("title", None)
    if "default" in loose and (not loose["default"] or isinstance(loose["default"], dict)):
        del loose["default"]
    choices = [choice for choice in loose.pop("anyOf", []) if choice != {"type": "null"}]
    return loose | (choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {})
