"""The files of dialogs, checked against the answers and the bottom menu."""

from collections.abc import Collection, Iterator, Sequence

from wxbot.adapters.content.complaints import Checked, check
from wxbot.adapters.content.dialog_format import PLAIN, DialogFile, ExpectSection, StepSection
from wxbot.adapters.content.document import Document, Loc
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.domain.menu import Button, Menu
from wxbot.domain.transcript import Deed, Expectation, Outcome, Step, Transcript, What
from wxbot.errors import Problem

_OUTCOMES: dict[str, Outcome] = {
    "回复": "reply",
    "不回复": "silence",
    "转人工": "transfer",
    "客服接待": "agent",
    "出错": "failed",
}
_WORDS = {what: word for word, what in PLAIN.items()}


def dialogs_in(
    documents: Sequence[Document], ids: Collection[str] | None, menu: Menu | None
) -> tuple[tuple[Transcript, ...], list[Problem]]:
    """
    The dialogs in the order of the files, as far as they are sound, and what is wrong with them.

    ids: of all answers; None when not all could be read. menu: None when it is not sound.
    """
    files = [check(DialogFile, document) for document in documents]
    problems = [problem for file in files for problem in (*file.whole.problems, *file.problems)]
    for file in files:
        problems += _doubts(file, ids, None if menu is None else _paths(menu))
    return tuple(map(_transcript, files)), problems


def _transcript(file: Checked[DialogFile]) -> Transcript:
    steps = tuple(_step(step, file.sound.place(("步骤", at))[0]) for at, step in enumerate(file.content.steps))
    return Transcript(file.content.title, steps, file.whole.file, file.content.start)


def _step(step: What | StepSection, line: int) -> Step:
    if not isinstance(step, StepSection):
        return Deed(step, line, _WORDS[step])
    if step.expect:
        return _expectation(step.expect, line)
    (name,) = step.model_fields_set
    written = f"{StepSection.model_fields[name].alias}: "
    if step.wait is not None:
        return Deed("wait", line, f"{written}{_duration(step.wait)}", seconds=step.wait)
    if step.queue is not None:
        return Deed("queue", line, f"{written}{step.queue}人", str(step.queue))
    argument = str(getattr(step, name))
    return Deed(name, line, written + argument, argument)  # type: ignore[arg-type]  # the fields are named after deeds


def _expectation(section: ExpectSection, line: int) -> Expectation:
    return Expectation(
        line=line,
        answer=section.answer or "",
        reply=_pieces(section.reply),
        options=tuple(section.options),
        message=_pieces(section.message),
        absent=_pieces(section.absent),
        outcome=_OUTCOMES[section.outcome] if section.outcome else None,
    )


def _pieces(words: str | list[str] | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ())


def _duration(seconds: int) -> str:
    units = ((86400, "天"), (3600, "小时"), (60, "分钟"), (1, "秒"))
    return next(f"{seconds // size}{name}" for size, name in units if seconds % size == 0)


def _doubts(file: Checked[DialogFile], ids: Collection[str] | None, paths: Collection[str] | None) -> Iterator[Problem]:
    if not file.content.steps and not file.problems:
        yield file.whole.problem((), "没有写步骤", "请写上 步骤: 和下面的每一步，每一步用“- ”开头")
    for at, step in enumerate(file.content.steps):
        if not isinstance(step, StepSection):
            continue
        loc: Loc = ("步骤", at)
        if step.menu and paths is not None and spaced(step.menu) not in paths:
            hint = did_you_mean(spaced(step.menu), paths) or "写成“一级菜单 / 子菜单”，名字和 menus.yaml 里一样"
            yield file.sound.problem((*loc, "菜单"), f"底部菜单里没有「{step.menu}」", hint)
        answer = step.expect.answer if step.expect else None
        if answer and ids is not None and answer not in ids:
            hint = did_you_mean(answer, ids) or "请写答案的 id"
            yield file.sound.problem((*loc, "应得", "答案"), f"没有 id 为「{answer}」的答案", hint)


def spaced(path: str) -> str:
    """A path in the menu, with one space around each slash."""
    return " / ".join(name.strip() for name in path.split("/"))


def _paths(menu: Menu) -> set[str]:
    return {path for buttons in (menu.buttons, *(m.buttons for m in menu.conditional)) for path in _named(buttons)}


def _named(buttons: Sequence[Button]) -> Iterator[str]:
    for button in buttons:
        if not button.items:
            yield button.name
        for item in button.items:
            yield f"{button.name} / {item.name}"
