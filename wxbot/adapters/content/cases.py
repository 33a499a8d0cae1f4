"""The files of cases, checked against each other and against the answers."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from wxbot.adapters.content.complaints import Checked, check
from wxbot.adapters.content.document import Document, Loc
from wxbot.adapters.content.format import CaseSection, CasesFile
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.answering.normalise import normalise
from wxbot.domain.case import RESERVED, Case
from wxbot.errors import Problem


@dataclass(frozen=True, slots=True)
class _Written:
    """A case where it was written."""

    document: Document
    loc: Loc
    section: CaseSection

    @property
    def line(self) -> int:
        return self.document.place(self.loc)[0]

    @property
    def expected(self) -> list[tuple[Loc, str]]:
        """What is right, each where it stands."""
        loc, expect = (*self.loc, "expect"), self.section.expect
        return [(loc, expect)] if isinstance(expect, str) else [((*loc, at), name) for at, name in enumerate(expect)]

    @property
    def case(self) -> Case:
        expect = tuple(name for _, name in self.expected)
        return Case(self.section.ask, expect, self.section.accept == "suggest", self.document.file, self.line)


def cases_in(documents: Sequence[Document], ids: Collection[str] | None) -> tuple[tuple[Case, ...], list[Problem]]:
    """
    The sound cases in the order of the files, and what is wrong with the others.

    ids: of all answers; None when not all of them could be read, so that an id that is not there may exist.
    """
    files = [check(CasesFile, document) for document in documents]
    problems = [problem for file in files for problem in (*file.whole.problems, *file.problems)]
    found = [case for file in files for case in _written_in(file)]
    problems += _twice(found)
    if ids is not None:
        problems += [problem for case in found for problem in _id_problems(case, ids)]
    return tuple(written.case for written in found), problems


def _written_in(file: Checked[CasesFile]) -> Iterator[_Written]:
    for number, section in enumerate(file.content.cases):
        yield _Written(file.sound, ("cases", number), section)


def _twice(cases: Sequence[_Written]) -> Iterator[Problem]:
    seen: dict[str, _Written] = {}
    for case in cases:
        # Emoji and punctuation alone fold to nothing, and are still different texts.
        first = seen.setdefault(normalise(case.section.ask) or case.section.ask, case)
        if first is not case:
            message = f"「{case.section.ask}」在 {first.document.file} 第 {first.line} 行已经写过"
            agree = set(first.case.expect) == set(case.case.expect)
            hint = "请删掉一个" if agree else "两处的 expect 还不一样，请留下对的那个"
            yield case.document.problem((*case.loc, "ask"), message, hint, severity="warning" if agree else "error")


def _id_problems(case: _Written, ids: Collection[str]) -> Iterator[Problem]:
    for loc, name in case.expected:
        if name in RESERVED and name in ids:
            message = f"这里的 {name} 不是指 id 为「{name}」的答案"
            yield case.document.problem(loc, message, "要用例能指到它，请给那条答案换一个 id", severity="warning")
        elif name not in ids and name not in RESERVED:
            hint = did_you_mean(name, {*ids, *RESERVED}) or "请写答案的 id，或者 none、human、browse、phones"
            yield case.document.problem(loc, f"没有 id 为「{name}」的答案", hint)
