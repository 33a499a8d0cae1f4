"""A folder of files → one Script."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from wxbot.adapters.content import (
    contacts,
    entries,
    flows,
    hours,
    human,
    markup,
    menus,
    notices,
    official,
    outbound,
    ratings,
    retention,
    tickets,
    tiers,
    wording,
)
from wxbot.adapters.content.cases import cases_in
from wxbot.adapters.content.complaints import Checked, check
from wxbot.adapters.content.dialogs import dialogs_in
from wxbot.adapters.content.document import Document
from wxbot.adapters.content.files import (
    MENUS,
    Source,
    find,
    find_cases,
    find_dialogs,
    holds_cases,
    holds_dialog,
    read_text,
    strays,
)
from wxbot.adapters.content.format import AnswersFile, MenusFile
from wxbot.adapters.content.parsing import parse_on
from wxbot.domain.case import Case
from wxbot.domain.menu import Menu
from wxbot.domain.script import Script, Words
from wxbot.domain.transcript import Transcript
from wxbot.errors import ContentError, Problem
from wxbot.service.lint import Finding
from wxbot.service.ports import Loaded


@dataclass(frozen=True, slots=True)
class Examined:
    """
    What one look at the folder found.

    loaded, cases, dialogs: what is sound of it; fit for use only when there are no errors. files: read or not.
    written: each sound answer where it stands.
    """

    loaded: Loaded
    problems: tuple[Problem, ...]
    files: int
    cases: tuple[Case, ...] = ()
    dialogs: tuple[Transcript, ...] = ()
    written: tuple[entries.Written, ...] = field(default=(), repr=False)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    def doubts(self, findings: Iterable[Finding]) -> Iterator[Problem]:
        """The findings as warnings, where they are."""
        by_id = {written.entry.id: written for written in self.written}
        for finding in findings:
            written = by_id[finding.id]
            loc = (*written.loc, *finding.piece)
            yield written.document.problem(loc, finding.message, finding.hint, severity="warning")


def load(folder: Path) -> Loaded:
    """
    Read menus.yaml and answers/ of a content folder, without cases and dialogs: a bad one keeps no answer back.

    Raises:
        ContentError: with every problem of every file, ordered by place.
    """
    examined = _examine(folder, [], [])
    if examined.errors:
        raise ContentError(examined.problems)
    return examined.loaded


def examine(folder: Path, trials: Sequence[Path] = ()) -> Examined:
    """
    Read it as far as that goes, and tell everything that is wrong.

    trials: files of cases and of dialogs, to read in place of all those that lie beside the answers.
    """
    if not trials:
        return _examine(folder, find_cases(folder), find_dialogs(folder))
    sources = [Source(str(path), path) for path in trials]
    dialogs = [source for source in sources if holds_dialog(source)]
    return _examine(folder, [source for source in sources if source not in dialogs], dialogs)


def _examine(folder: Path, case_sources: Sequence[Source], dialog_sources: Sequence[Source]) -> Examined:
    sources, unsearched = find(folder)
    documents, unread = _documents(sources)
    case_documents, unread_cases = _documents(case_sources)
    dialog_documents, unread_dialogs = _documents(dialog_sources)
    read = {document.file for document in documents}
    complete = all(source.file in read for source in sources if source.file != MENUS) and not unsearched
    built = _build(documents, complete=complete)
    cases, wrong_cases = cases_in(case_documents, built.ids if complete else None)
    dialogs, wrong_dialogs = dialogs_in(dialog_documents, built.ids if complete else None, built.menu)
    trouble = {*strays(folder), *unread_cases, *unread_dialogs, *wrong_cases, *wrong_dialogs}
    problems = tuple(sorted({*unsearched, *unread, *built.problems, *trouble}))
    warnings = tuple(problem for problem in problems if problem.severity == "warning")
    files = len(sources) + len(case_sources) + len(dialog_sources)
    return Examined(replace(built.loaded, warnings=warnings), problems, files, cases, dialogs, built.written)


def _documents(sources: Sequence[Source]) -> tuple[list[Document], list[Problem]]:
    """Those that could be read, and why the others could not."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            documents.append(_document(source))
        except ContentError as error:
            problems += error.problems
    return documents, problems


def _document(source: Source) -> Document:
    document = parse_on(source.file, read_text(source))
    if document.data is None:
        raise ContentError([Problem(source.file, 1, 1, "文件是空的", _first_lines(source))])
    return document


def _first_lines(source: Source) -> str:
    if source.file == MENUS:
        return "最少写一行 version: 1"
    if holds_dialog(source):
        return "请写上 对话 和 步骤，或者删掉这个文件"
    return f"请写上 {'cases' if holds_cases(source) else 'category 和 answers'}，或者删掉这个文件"


@dataclass(frozen=True, slots=True)
class _Built:
    """ids: of all answers that were written, sound or not. menu: None where something is wrong with menus.yaml."""

    loaded: Loaded
    problems: Sequence[Problem]
    ids: Set[str]
    written: tuple[entries.Written, ...]
    menu: Menu | None


def _build(documents: list[Document], *, complete: bool) -> _Built:
    """complete: nothing is missing, so that what is not there does not exist."""
    files = [check(AnswersFile, document) for document in documents if document.file != MENUS]
    menus_file = next((check(MenusFile, document) for document in documents if document.file == MENUS), None)
    written = entries.written_in(files)
    content = menus_file.content if menus_file else MenusFile(version="1")
    script = _script(content, written)
    problems = [problem for document in documents for problem in document.problems]
    problems += [problem for file in files for problem in file.problems]
    problems += entries.problems_of(
        files, written, script.words, begins=flows.beginnings(script.guides, script.forms), complete=complete
    )
    ids = entries.ids_in(files)
    if menus_file:
        targets = menus.Targets(
            ids,
            entries.categories_in(files),
            complete,
            flows.written_ids(menus_file, "guides"),
            flows.written_ids(menus_file, "forms"),
        )
        problems += [*menus_file.problems, *_menus_problems(menus_file, targets, script.words)]
        problems += tiers.problems_of(documents, menus_file.sound, content.tiers)
    problems += official.problems_of(documents, script.official)
    problems += markup.problems_of(documents)
    menu = script.menu if menus_file and not menus_file.problems else None
    loaded = Loaded(script, entries.vocabulary_of(files), entries.synonyms_of(files))
    return _Built(loaded, problems, ids, tuple(written), menu)


def _menus_problems(file: Checked[MenusFile], targets: menus.Targets, words: Words) -> Iterator[Problem]:
    yield from menus.problems_of(file, targets)
    yield from hours.problems_of(file.sound, file.content.hours)
    yield from contacts.problems_of(file.sound, file.content.contacts)
    yield from flows.problems_of(file, words)
    yield from outbound.problems_of(file.sound, file.content.outbound, file.content.account.type)
    yield from human.problems_of(file.content.human, file.sound)
    yield from tickets.problems_of(file)
    yield from retention.problems_of(file.sound, file.content.retention)
    yield from wording.problems_of(file)


def _script(content: MenusFile, written: list[entries.Written]) -> Script:
    answers = entries.answers_of(written)
    texts = wording.texts_of(content)
    return Script(
        name=content.account.name,
        account_type=content.account.type,
        agents=menus.has_agents(content),
        staffing=human.staffing_of(content.human),
        answers=answers,
        categories=entries.categories_of(answers),
        menu=menus.menu_of(content),
        old_keys=menus.old_keys_of(content),
        welcome=menus.welcome_of(content, texts["welcome"]),
        hours=hours.hours_of(content.hours),
        contacts=contacts.contacts_of(content.contacts, content.hours),
        tiers=tiers.tiers_of(content.tiers),
        guides=flows.guides_of(content),
        forms=flows.forms_of(content),
        tickets=tickets.rules_of(content),
        words=wording.words_of(content),
        ratings=ratings.ratings_of(content.ratings),
        retention=retention.limits_of(content.retention),
        spare_ways=outbound.spare_ways_of(content.outbound),
        notices=notices.notices_of(content.notices),
        texts=texts,
        official=official.register_of(content),
        report=content.official.report if content.official else None,
    )
