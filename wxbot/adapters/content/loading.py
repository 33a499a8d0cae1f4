"""A folder of files → one Script."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wxbot.adapters.content import entries, menus, wording
from wxbot.adapters.content.complaints import Checked, check
from wxbot.adapters.content.document import Document, parse
from wxbot.adapters.content.files import MENUS, Source, find, read_text
from wxbot.adapters.content.format import AnswersFile, MenusFile
from wxbot.domain.script import Script
from wxbot.errors import ContentError, Problem
from wxbot.service.ports import Loaded


@dataclass(frozen=True, slots=True)
class Examined:
    """
    What one look at the folder found.

    loaded: what is sound of it; fit for use only when there are no errors. files: read or not.
    """

    loaded: Loaded
    problems: tuple[Problem, ...]
    files: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


def load(folder: Path) -> Loaded:
    """
    Read menus.yaml and answers/ of a content folder.

    Raises:
        ContentError: with every problem of every file, ordered by place.
    """
    examined = examine(folder)
    if examined.errors:
        raise ContentError(examined.problems)
    return examined.loaded


def examine(folder: Path) -> Examined:
    """Read it as far as that goes, and tell everything that is wrong."""
    sources, unsearched = find(folder)
    problems = list(unsearched)
    documents: list[Document] = []
    for source in sources:
        try:
            documents.append(_document(source))
        except ContentError as error:
            problems += error.problems
    read = {document.file for document in documents}
    complete = all(source.file in read for source in sources if source.file != MENUS) and not unsearched
    loaded, found = _build(documents, complete=complete)
    problems += found
    warnings = tuple(sorted(problem for problem in set(problems) if problem.severity == "warning"))
    loaded = Loaded(loaded.script, loaded.vocabulary, loaded.synonyms, warnings)
    return Examined(loaded, tuple(sorted(set(problems))), len(sources))


def _document(source: Source) -> Document:
    document = parse(source.file, read_text(source))
    if document.data is None:
        hint = "最少写一行 version: 1" if source.file == MENUS else "请写上 category 和 answers，或者删掉这个文件"
        raise ContentError([Problem(source.file, 1, 1, "文件是空的", hint)])
    return document


def _build(documents: list[Document], *, complete: bool) -> tuple[Loaded, list[Problem]]:
    """complete: nothing is missing, so that what is not there does not exist."""
    files = [check(AnswersFile, document) for document in documents if document.file != MENUS]
    menus_file = next((check(MenusFile, document) for document in documents if document.file == MENUS), None)
    written = entries.written_in(files)
    content = menus_file.content if menus_file else MenusFile(version="1")
    script = _script(content, written)
    problems = [problem for document in documents for problem in document.problems]
    problems += [problem for file in files for problem in file.problems]
    problems += entries.problems_of(files, written, script.words, complete=complete)
    if menus_file:
        targets = menus.Targets(entries.ids_in(files), entries.categories_in(files), complete)
        problems += [*menus_file.problems, *_menus_problems(menus_file, targets)]
    return Loaded(script, entries.vocabulary_of(files), entries.synonyms_of(files)), problems


def _menus_problems(file: Checked[MenusFile], targets: menus.Targets) -> Iterator[Problem]:
    yield from menus.problems_of(file, targets)
    yield from wording.problems_of(file)


def _script(content: MenusFile, written: list[entries.Written]) -> Script:
    answers = entries.answers_of(written)
    texts = wording.texts_of(content)
    return Script(
        name=content.account.name,
        account_type=content.account.type,
        agents=menus.has_agents(content),
        answers=answers,
        categories=entries.categories_of(answers),
        menu=menus.menu_of(content),
        old_keys=menus.old_keys_of(content),
        welcome=menus.welcome_of(content, texts["welcome"]),
        hours=menus.hours_of(content),
        contacts=menus.contacts_of(content.contacts),
        words=wording.words_of(content),
        texts=texts,
    )
