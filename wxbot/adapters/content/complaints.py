"""What does not fit the schema, in plain Chinese and at its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from wxbot.adapters.content.document import Data, Document, Loc
from wxbot.adapters.content.fields import UNFIT
from wxbot.adapters.content.format import PART_KEYS, AnswersFile, Entry, MenusFile
from wxbot.adapters.content.section import Section
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.errors import Problem

S = TypeVar("S", bound=Section)


@dataclass(frozen=True, slots=True)
class Checked(Generic[S]):
    """
    A file in its schema.

    whole: the file as written. sound, content: what is right of it, so that one bad entry does not hide what is wrong
    with the others; the same but for their form.
    """

    whole: Document
    sound: Document
    content: S
    problems: tuple[Problem, ...] = ()


def check(schema: type[S], document: Document) -> Checked[S]:
    """Fit a file to its schema, leaving out as little as possible of what does not fit."""
    sound, problems = document, None
    while True:
        try:
            content = schema.model_validate(sound.data if problems is None else _completed(schema, sound.data))
            return Checked(document, sound, content, problems or ())
        except ValidationError as error:
            details = error.errors(include_url=False)
        if problems is None:
            problems = tuple(_problems(schema, document, details))
        # What stood around a missing piece goes with the next round, so each round leaves something out.
        bad = [steps for detail in details if (steps := sound.steps(detail["loc"]))]
        sound = sound.without(bad) if bad else replace(sound, data=None)


def _completed(schema: type[Section], data: Data) -> dict[str, Data]:
    return {**schema.skeleton, **(data if isinstance(data, dict) else {})}


def _problems(schema: type[Section], document: Document, details: Sequence[ErrorDetails]) -> Iterator[Problem]:
    """What bad syntax has cut off is not missing as well."""
    cut = {problem.line for problem in document.problems if problem.severity == "error"}
    for detail in details:
        problem = _problem(schema, document, detail)
        if detail["type"] != "missing" or problem.line not in cut:
            yield problem


def _problem(schema: type[Section], document: Document, detail: ErrorDetails) -> Problem:
    loc = detail["loc"]
    message, hint = _SENTENCES.get(detail["type"], _anything_else)(_Fault(schema, detail))
    at_key = detail["type"] == "extra_forbidden" or loc[-1:] == ("[key]",)
    return document.problem(loc, message, hint, key=at_key)


@dataclass(frozen=True, slots=True)
class _Fault:
    """One error of pydantic's. key: the last key of the path, '' for the file itself."""

    schema: type[Section]
    detail: ErrorDetails

    @property
    def key(self) -> str:
        names = [step for step in self.detail["loc"] if isinstance(step, str) and not step.startswith(("<", "["))]
        return names[-1] if names else ""

    @property
    def where(self) -> str:
        if not self.key:
            return "整个文件"
        last = [step for step in self.detail["loc"] if not str(step).startswith("<")][-1]
        return f"「{self.key}」的第 {last + 1} 项" if isinstance(last, int) else f"「{self.key}」"

    @property
    def found(self) -> str:
        value = self.detail["input"]
        if isinstance(value, str):
            return f"这里写的是「{value[:20]}」"
        return "这里写的是列表" if isinstance(value, list) else "这里写的是一组“键: 值”"

    @property
    def context(self) -> Mapping[str, Any]:
        return self.detail.get("ctx", {})


def _wanted(what: str, hint: str) -> Any:
    def explain(fault: _Fault) -> tuple[str, str]:
        value = fault.detail["input"]
        if value is None:
            return f"{fault.where}后面是空的", "请写上内容，或者删掉这一行"
        fullwidth = isinstance(value, str) and next((sign for sign in "：［｛【－" if sign in value), "")
        remedy = f"请检查“{fullwidth}”是不是应该用半角符号；{hint}" if fullwidth else hint
        return f"{fault.where}应为{what}，{fault.found}", remedy

    return explain


def _unknown_key(fault: _Fault) -> tuple[str, str]:
    key = str(fault.detail["loc"][-1])
    known = sorted(_keys_at(fault.schema, fault.detail["loc"][:-1]))
    if "：" in key:
        return f"「{key[:40]}」里的冒号是全角的", "请改成半角冒号加一个空格"
    if key.startswith("－"):
        return f"「{key[:40]}」开头的减号是全角的", "列表的每一项用半角的“- ”开头"
    if key in known:
        return f"「{key}」不能和这一项里的其他键写在一起", "一项只写一种内容，另一种另起一项"
    if key.strip("“”\"'「」") in known:
        return f"键 {key[:40]} 外面的引号是全角的", "请去掉引号"
    hint = _home(fault, key) or did_you_mean(key, known) or f"这里可以写：{'、'.join(known)}"
    return f"不认识的键「{key[:40]}」", hint


def _home(fault: _Fault, key: str) -> str:
    """Where a key belongs that stands at the wrong level or in the wrong file; '' where none is called so."""
    other, place = (
        (AnswersFile, "answers/ 文件夹的文件里") if fault.schema is MenusFile else (MenusFile, "menus.yaml 里")
    )
    if len(fault.detail["loc"]) > 1:
        return f"「{key}」要写在最外层，前面不留空格" if key in _keys_of(fault.schema) else ""
    if fault.schema is AnswersFile and key in _keys_of(Entry):
        return f"「{key}」要写在 answers 的每一项里，和 question 左对齐"
    return f"「{key}」要写在 {place}" if fault.schema in (MenusFile, AnswersFile) and key in _keys_of(other) else ""


def _missing(fault: _Fault) -> tuple[str, str]:
    where = "" if len(fault.detail["loc"]) == 1 else "这一项"
    value = fault.schema.skeleton.get(fault.key, "……")
    return f"{where}缺少 {fault.key}", f"请加上一行 {fault.key}: {value}"


def _unknown_part(fault: _Fault) -> tuple[str, str]:
    near = (did_you_mean(str(key), PART_KEYS) for key in fault.detail["input"])
    return f"{fault.where}没有写是哪种内容", next(filter(None, near), f"可以写：{'、'.join(PART_KEYS)}")


def _own_words(fault: _Fault) -> tuple[str, str]:
    return str(fault.context["message"]), str(fault.context["hint"])


def _choice(fault: _Fault) -> tuple[str, str]:
    choices = [choice.strip("'") for choice in str(fault.context["expected"]).replace(" or ", ", ").split(", ")]
    value = str(fault.detail["input"] or "")
    return f"{fault.where}不能写「{value[:40]}」", did_you_mean(value, choices) or f"可以写：{'、'.join(choices)}"


def _too_few(fault: _Fault) -> tuple[str, str]:
    return f"{fault.where}至少要有 {fault.context['min_length']} 项", "请补上，或者删掉这一行"


def _too_many(fault: _Fault) -> tuple[str, str]:
    limit = fault.context["max_length"]
    return f"{fault.where}有 {fault.context['actual_length']} 项，最多 {limit} 项", "请删掉几项"


def _blank(fault: _Fault) -> tuple[str, str]:
    return f"{fault.where}不能是空的", "请写上内容，或者删掉这一行"


def _anything_else(fault: _Fault) -> tuple[str, str]:
    return f"{fault.where}的内容不对，{fault.found}", "请对照说明改写"


_text = _wanted("一段文字", "直接写在冒号后面；内容里有 : # { } 时加引号")
_list = _wanted("列表", "写成 [甲, 乙]，或每项一行、用“- ”开头")
_mapping = _wanted("一组“键: 值”", "每个键一行，冒号后面加一个空格")
_boolean = _wanted(" true 或 false", "写 true 或 false")
_SENTENCES: Mapping[str, Any] = {
    UNFIT: _own_words,
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "union_tag_not_found": _unknown_part,
    "string_type": _text,
    "list_type": _list,
    "dict_type": _mapping,
    "model_type": _mapping,
    "bool_type": _boolean,
    "bool_parsing": _boolean,
    "literal_error": _choice,
    "enum": _choice,
    "string_too_short": _blank,
    "too_short": _too_few,
    "too_long": _too_many,
}


def _keys_at(schema: type[Section], loc: Loc) -> set[str]:
    """The keys that may stand where `loc` leads to; steps that are no field (numbers, free keys) change nothing."""
    sections: set[type[BaseModel]] = {schema}
    for step in loc:
        inner = [found for section in sections if (found := _keys_of(section).get(str(step)))]
        if inner:
            sections = {found for info in inner for found in _sections_in(info.annotation)}
    return {key for section in sections for key in _keys_of(section)}


def _keys_of(section: type[BaseModel]) -> dict[str, FieldInfo]:
    """Its fields by the keys that operators write."""
    return {info.alias or name: info for name, info in section.model_fields.items()}


def _sections_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _sections_in(inner)
