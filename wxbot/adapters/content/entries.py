"""The answer files, put together and checked against each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from wxbot.adapters.content.complaints import Checked
from wxbot.adapters.content.document import Document, Loc
from wxbot.adapters.content.format import (
    AnswersFile,
    ArticleSection,
    ConditionSection,
    Entry,
    ImageSection,
    MiniProgramSection,
    TextSection,
    VariantSection,
    VideoSection,
    VoiceSection,
)
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.answering.normalise import normalise
from wxbot.domain.reply import (
    TEXT_LIMIT_BYTES,
    ArticlePart,
    ImagePart,
    MiniProgramPart,
    Part,
    TextPart,
    VideoPart,
    VoicePart,
    split_text,
)
from wxbot.domain.script import Answer, Condition, Variant, Words
from wxbot.errors import Problem

Files = Sequence[Checked[AnswersFile]]

TAIL_CHARACTERS = 12
"""Of the words by which operators find where a long text is cut."""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry where it was written."""

    document: Document
    loc: Loc
    category: str
    smalltalk: bool
    entry: Entry

    @property
    def place(self) -> str:
        return f"{self.document.file} 第 {self.document.place(self.loc)[0]} 行"


def written_in(files: Files) -> list[Written]:
    """Every sound entry, in the order of the files."""
    return [
        Written(file.sound, ("answers", number), file.content.category, file.content.smalltalk, entry)
        for file in files
        for number, entry in enumerate(file.content.answers)
    ]


def answers_of(entries: Sequence[Written]) -> Mapping[str, Answer]:
    """By id, in order; of two with one id the first."""
    answers: dict[str, Answer] = {}
    for written in entries:
        if written.entry.id not in answers:
            answers[written.entry.id] = _answer(written)
    return MappingProxyType(answers)


def categories_of(answers: Mapping[str, Answer]) -> Mapping[str, tuple[str, ...]]:
    """Category → ids, in order of first appearance. Small talk is nothing to browse."""
    categories: dict[str, list[str]] = {}
    for answer in answers.values():
        if not answer.smalltalk:
            categories.setdefault(answer.category, []).append(answer.id)
    return MappingProxyType({name: tuple(ids) for name, ids in categories.items()})


def vocabulary_of(files: Files) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for file in files for word in file.content.vocabulary))


def synonyms_of(files: Files) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group) for file in files for group in file.content.synonyms)


def _answer(written: Written) -> Answer:
    entry = written.entry
    exact = (normalise(text) for text in entry.exact)
    return Answer(
        id=entry.id,
        category=written.category,
        question=entry.question,
        parts=tuple(part for _, part in _parts(entry.answer)),
        similar=tuple(entry.similar),
        exact=tuple(dict.fromkeys(text for text in exact if text)),
        keywords=tuple(entry.keywords),
        related=tuple(entry.related),
        smalltalk=written.smalltalk,
        variants=tuple(map(_variant, entry.variants)),
    )


def _variant(section: VariantSection) -> Variant:
    hours = {"服务时间内": True, "服务时间外": False, None: None}[section.when.hours]
    when = Condition(hours, section.when.tier, section.when.region)
    return Variant(when, tuple(part for _, part in _parts(section.answer)))


def _all_parts(entry: Entry) -> Iterator[tuple[Loc, Part]]:
    """Of the answer and of every variant."""
    yield from _parts(entry.answer, "answer")
    for number, variant in enumerate(entry.variants):
        yield from _parts(variant.answer, "variants", number, "answer")


def _parts(answer: str | Sequence[object], *loc: str | int) -> Iterator[tuple[Loc, Part]]:
    if isinstance(answer, str):
        yield loc, TextPart(answer)
        return
    for number, section in enumerate(answer):
        yield (*loc, number), _part(section)


def _part(section: object) -> Part:
    match section:
        case str():
            return TextPart(section)
        case TextSection():
            return TextPart(section.text)
        case ImageSection():
            return ImagePart(section.image)
        case VoiceSection():
            return VoicePart(section.voice)
        case VideoSection():
            return VideoPart(section.video, section.title, section.description, section.thumb)
        case ArticleSection(article=card):
            return ArticlePart(card.title, card.url, card.description, card.picture or "")
        case MiniProgramSection(miniprogram=card):
            return MiniProgramPart(card.title, card.appid, card.path, card.thumb)
    raise TypeError(type(section).__name__)


def problems_of(
    files: Files, entries: Sequence[Written], words: Words, *, begins: Mapping[str, str], complete: bool
) -> Iterator[Problem]:
    """
    What is wrong with the answers as a whole.

    begins: guides and forms by the normalised words that begin them. complete: every file could be read, so that an
    id that is not there does not exist.
    """
    for file in files:
        yield from _category_problems(file)
    yield from _synonym_problems(files)
    yield from _id_problems(entries)
    if complete:
        yield from _related_problems(files, entries)
    yield from _phrasing_problems(entries, words, begins)
    for written in entries:
        yield from _length_problems(written)
        yield from _variant_problems(written)


def ids_in(files: Files) -> set[str]:
    """Every id that was written, of sound entries or not."""
    found = set()
    for file in files:
        data = file.whole.data
        entries = data.get("answers") if isinstance(data, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(name := entry.get("id"), str):
                found.add(name.strip())
    return found


def categories_in(files: Files) -> set[str]:
    """Every category that can be browsed, of sound files or not."""
    found = set()
    for file in files:
        data = file.whole.data
        if isinstance(data, dict) and isinstance(name := data.get("category"), str) and not file.content.smalltalk:
            found.add(name.strip())
    return found


def _category_problems(file: Checked[AnswersFile]) -> Iterator[Problem]:
    if file.content.answers and not file.whole.steps(("category",)):
        yield file.sound.problem((), "缺少 category", "请在开头加上一行 category: 分类名")


def _synonym_problems(files: Files) -> Iterator[Problem]:
    seen: dict[str, Document] = {}
    for file in files:
        for number, group in enumerate(file.content.synonyms):
            for index, word in enumerate(group):
                if word in seen:
                    where = "这个文件" if seen[word] is file.sound else seen[word].file
                    loc = ("synonyms", number, index)
                    yield file.sound.problem(loc, f"「{word}」在{where}的同义词里已经写过", "一个词只能放在一组里")
                seen.setdefault(word, file.sound)


def _id_problems(entries: Sequence[Written]) -> Iterator[Problem]:
    seen: dict[str, Written] = {}
    for written in entries:
        first = seen.setdefault(written.entry.id, written)
        if first is not written:
            message = f"id「{written.entry.id}」和 {first.place}的重复"
            yield written.document.problem((*written.loc, "id"), message, "请换一个 id")


def _related_problems(files: Files, entries: Sequence[Written]) -> Iterator[Problem]:
    known = ids_in(files)
    for written in entries:
        for number, name in enumerate(written.entry.related):
            loc = (*written.loc, "related", number)
            if name == written.entry.id:
                yield written.document.problem(loc, "相关问题里写了这条答案自己", "请删掉它")
            elif name not in known:
                message = f"没有 id 为「{name}」的答案"
                yield written.document.problem(loc, message, did_you_mean(name, known) or "请检查 related 里的 id")


def _phrasing_problems(entries: Sequence[Written], words: Words, begins: Mapping[str, str]) -> Iterator[Problem]:
    """Texts that two entries lay claim to, or that neither will ever see."""
    exacts: dict[str, Written] = {}
    for written in entries:
        for loc, text in _texts(written, "exact"):
            first = exacts.setdefault(normalise(text), written)
            if first is not written:
                message = f"「{text}」已经在 {first.place}的 exact 里"
                yield written.document.problem(loc, message, "同一句话只能有一条固定回答，请删掉一个")
    asked: dict[str, Written] = {}
    for written in entries:
        for kind in ("question", "similar", "exact"):
            for loc, text in _texts(written, kind):
                phrasing = normalise(text)
                warning = _out_of_reach(text, phrasing, words, begins)
                if not warning and kind != "exact":
                    first = asked.setdefault(phrasing, written)
                    warning = _also_asked(text, written, first, exacts.get(phrasing))
                if warning:
                    yield written.document.problem(loc, *warning, severity="warning")


def _out_of_reach(text: str, phrasing: str, words: Words, begins: Mapping[str, str]) -> tuple[str, str] | None:
    if not phrasing:
        return f"「{text}」里没有文字，永远匹配不上", "请改成用户会打的字，或者删掉"
    if phrasing in words.browse:
        return f"「{text}」这句话会直接打开分类目录，轮不到这条答案", "请删掉它，或换一个问法"
    if words.wants_contacts(phrasing):
        return f"「{text}」这句话会直接列出电话和邮箱，轮不到这条答案", "请删掉它，或换一个问法"
    if words.wants_human(phrasing):
        return f"「{text}」这句话会直接转人工，轮不到这条答案", "请删掉它，或换一个问法"
    if phrasing in begins:
        return f"「{text}」这句话会直接开始「{begins[phrasing]}」，轮不到这条答案", "请删掉它，或换一个问法"
    return None


def _also_asked(text: str, written: Written, first: Written, exact: Written | None) -> tuple[str, str] | None:
    """first: the first entry that is asked for this way. exact: the one that always gets this text."""
    if exact and exact is not written:
        return f"「{text}」总是由 {exact.place}的 exact 回答", "请删掉其中一个"
    if first is not written:
        return f"「{text}」和 {first.place}的问法相同", "机器人分不清该用哪一条，请删掉一个，或把两条合成一条"
    return None


def _texts(written: Written, kind: str) -> Iterator[tuple[Loc, str]]:
    value: str | list[str] = getattr(written.entry, kind)
    if isinstance(value, str):
        yield (*written.loc, kind), value
        return
    for number, text in enumerate(value):
        yield (*written.loc, kind, number), text


def _variant_problems(written: Written) -> Iterator[Problem]:
    for number, variant in enumerate(written.entry.variants):
        if variant.when == ConditionSection():
            loc = (*written.loc, "variants", number, "when")
            message = "when 里没有条件，这个说法会永远代替 answer"
            yield written.document.problem(loc, message, "请写上 hours、tier 或 region")


def _length_problems(written: Written) -> Iterator[Problem]:
    for loc, part in _all_parts(written.entry):
        if isinstance(part, TextPart):
            yield from too_long(written.document, (*written.loc, *loc, "text"), part.text)


def too_long(document: Document, loc: Loc, text: str) -> Iterator[Problem]:
    """A text that WeChat does not take in one message, with the words that each part but the last ends in."""
    size = len(text.encode())
    if size > TEXT_LIMIT_BYTES:
        *parts, _ = pieces = split_text(text)
        ends = "、".join(f"第 {number} 条到「{_tail(part)}」" for number, part in enumerate(parts, 1))
        message = (
            f"这段文字有 {size} 字节，超过一条消息的 {TEXT_LIMIT_BYTES} 字节，会分成 {len(pieces)} 条发送：{ends}为止"
        )
        yield document.problem(loc, message, "可以写短一些，或者自己分成几段", severity="warning")


def _tail(part: str) -> str:
    """Its last words, on one line."""
    return " ".join(part.split())[-TAIL_CHARACTERS:]
