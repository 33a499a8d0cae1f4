"""Where new answers are put: each with an id of its own, and no phrasing with two answers."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from wxbot.answering.normalise import normalise
from wxbot.domain.reply import TextPart
from wxbot.domain.script import Answer, Script
from wxbot.service.answer_table import readable_id
from wxbot.service.takeover.replies import Carried, Medium, Part, Reply, parts_of, shortened
from wxbot.service.takeover.screen import Screen, words_of


@dataclass(frozen=True, slots=True)
class Taken:
    """A new answer. parts: as the files write them. notes: where it comes from, and what is missing in it."""

    id: str
    question: str
    parts: tuple[Part, ...]
    similar: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Shelf:
    """
    What is there comes first: new answers get the ids and phrasings that nobody has.

    answers: the new ones. notes: one sentence for each thing that could not be carried over, or not as it was.
    screen: what passes it may be sent.
    """

    def __init__(self, script: Script, carried: Mapping[Medium, Carried]) -> None:
        self.answers: list[Taken] = []
        self.notes: list[str] = []
        self.screen = Screen(script.official)
        self._known, self._carried = script.answers, carried
        self._ids = set(script.answers)
        self._asked = {text: answer.id for answer in self._known.values() for text in _phrasings(answer)}

    def owner(self, phrasing: str) -> str | None:
        """The id of the answer that this question gets already."""
        return self._asked.get(normalise(phrasing))

    def put(
        self,
        name: str,
        question: str,
        replies: Sequence[Reply],
        *,
        base: str = "",
        lost: Sequence[str] = (),
        **phrasings: tuple[str, ...],
    ) -> Taken | None:
        """
        A new answer; None where nothing of the replies can be one.

        Args:
            name: of what it was, for people. base: what the id is made of, the question where it is ''.
            lost: what is missing already. phrasings: `similar`, `exact`, `keywords`.
        """
        missing = list(lost)
        parts = tuple(part for reply in replies for part in self._parts(reply, missing))
        self.notes += [f"{name}：{sentence}" for sentence in missing]
        if not parts:
            self.notes.append(f"{name}没有能用的回复，没有导入")
            return None
        files = [f"{reply.name}存在 {file}" for reply in replies if (file := self._file(reply))]
        id = readable_id(self.screen.first_free(base, question, "imported"), self._ids)
        taken = Taken(id, question, parts, notes=(f"来自{name}", *files, *missing), **phrasings)
        self.answers.append(taken)
        self._ids.add(id)
        for text in (question, *taken.similar, *taken.exact):
            self._asked.setdefault(normalise(text), id)
        return taken

    def saying(self, reply: Reply) -> str | None:
        """The id of an answer, old or new, that is just this reply."""
        parts = tuple(self._parts(reply, []))
        new = (taken.id for taken in self.answers if taken.parts == parts)
        texts = [reply.content] if reply.kind == "text" else None
        old = (answer.id for answer in self._known.values() if len(answer.parts) == 1 and _texts(answer) == texts)
        return next(new, None) or next(old, None)

    def has(self, phrasings: Set[str], replies: Sequence[Reply]) -> bool:
        """Whether a known answer has just these normalised phrasings and texts, as after an earlier import."""
        said = [reply.content for reply in replies if reply.kind == "text"]
        owners = {self._asked[text] for text in phrasings if text in self._asked}
        answers = [self._known[id] for id in owners if id in self._known]
        return any(_phrasings(answer) == phrasings and _texts(answer) == said for answer in answers)

    def _parts(self, reply: Reply, lost: list[str]) -> Iterator[Part]:
        for part in parts_of(reply, self._carried, lost):
            words = words_of(part)
            if objection := self.screen.objection(*words):
                lost.append(f"{reply.name}“{shortened(words[0])}”没有写入：{objection}")
            else:
                yield part

    def _file(self, reply: Reply) -> str:
        found = self._carried.get(reply.medium) if reply.medium else None
        return found.file if found and found.media_id else ""


def _phrasings(answer: Answer) -> set[str]:
    return {text for text in map(normalise, (answer.question, *answer.similar, *answer.exact)) if text}


def _texts(answer: Answer) -> list[str]:
    return [part.text for part in answer.parts if isinstance(part, TextPart)]
