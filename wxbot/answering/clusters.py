"""Texts that say much the same, found without asking anybody: for the quality loop, which has more texts than time."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from wxbot.answering.normalise import normalise

ALIKE = 0.5
"""Cosine from which two questions count as one; found on sets of labelled questions, where nine pairs in ten are."""

FEWEST = 1000
"""Among fewer texts than these, what most of them share says little about how common it is."""

Vector = Mapping[str, float]
"""Weights of the grams of a text, of length 1; {} for a text without any."""

_FRONT = re.compile(
    r"^(?:请问|你好|您好|哈喽|亲|麻烦|打扰|劳驾|那个|我?想?(?:问|咨询|请教|了解|知道)[一下个]{1,2}"
    r"|(?:能|可以)?(?:请|帮|给|告诉|教)(?:你|您|我|忙)(?:看|问|查)?(?:一?下)?)+"
)
_BACK = re.compile(r"(?:谢谢|多谢|感谢|拜托|好吗|(?<![什怎这那多])么|(?<![不得])了|[啊呀呢吗嘛吧哦喔哈呗哎唉滴啦的])+$")
_SAME = (
    ("怎么", "怎么样", "怎样", "怎么办", "如何", "咋样", "咋办", "咋弄", "咋", "怎", "该怎么", "要怎么"),
    ("为什么", "为啥", "为何", "怎么回事", "什么原因"),
    ("什么", "啥", "哪些"),
    ("哪里", "哪儿", "在哪", "在哪里", "什么地方", "啥地方"),
    ("能", "能不能", "可不可以", "能否", "可否", "是否可以", "是否能", "可以", "能够"),
    ("多久", "多长时间", "几天", "多少天", "什么时候", "何时", "啥时候"),
    ("多少", "几"),
    ("没", "没有"),
)
"""What Chinese says in many words and means as one; the first stands for all."""


def folder(synonyms: Iterable[Sequence[str]] = ()) -> Callable[[str], str]:
    """
    A function from a text to its gist: normalised, without politeness and final particles, one word a meaning.

    synonyms: groups of words, the first of which stands for all.
    """
    first = {word: normalise(group[0]) for group in (*_SAME, *synonyms) for word in map(normalise, group) if word}
    longest_first = sorted(first, key=lambda word: (-len(word), word))
    return partial(_gist, re.compile("|".join(map(re.escape, longest_first))), first)


def _gist(words: re.Pattern[str], first: Mapping[str, str], text: str) -> str:
    plain = normalise(text)
    bare = _BACK.sub("", _FRONT.sub("", plain))
    return words.sub(lambda found: first[found[0]], bare or plain)


def clusters(gists: Sequence[str], *, alike: float = ALIKE) -> list[list[int]]:
    """
    Put alike texts together: each joins the most similar one before it that leads a cluster, or leads one itself.

    Args:
        gists: different ones, the most telling first, for those become the leaders.
        alike: cosine, 0..1, from which a text joins.

    Returns:
        Numbers of the texts, each cluster from its leader on. The same texts give the same clusters.
    """
    found: dict[int, list[int]] = {}
    shelf = Shelf(alike)
    for number, vector in enumerate(vectors(gists)):
        leader = min(shelf.near(vector), key=lambda pair: (-pair[1], pair[0]), default=(number, 1.0))[0]
        found.setdefault(leader, []).append(number)
        if leader == number:
            shelf.put(number, vector)
    return list(found.values())


def vectors(gists: Sequence[str]) -> list[Vector]:
    """Characters and pairs of neighbours, the rarer among these texts the heavier, and named the earlier."""
    counted = [Counter(grams(gist)) for gist in gists]
    holders = Counter(gram for grams_ in counted for gram in grams_)
    rarest_first = sorted(holders, key=lambda gram: (holders[gram], gram))
    rank = {gram: number for number, gram in enumerate(rarest_first)}
    total = max(len(gists), FEWEST)
    weights = {gram: math.log(1 + total / count) for gram, count in holders.items()}
    return [
        _unit({gram: count * weights[gram] for gram, count in sorted(grams_.items(), key=lambda pair: rank[pair[0]])})
        for grams_ in counted
    ]


def grams(text: str) -> Iterator[str]:
    units = _UNIT.findall(text)
    yield from units
    yield from map("".join, zip(units, units[1:], strict=False))


_UNIT = re.compile(r"[0-9a-z+#.]+|.")


class Shelf:
    """
    Vectors of one call of `vectors`, looked up by what they share.

    Where the common grams at the end of a vector make a part that is shorter than `alike`, they alone cannot make
    another vector alike. So alike ones share a gram before that part, and only those are filed and looked up: rare
    ones, which few texts hold. (Bayardo et al., Scaling up all pairs similarity search, 2007.)
    """

    def __init__(self, alike: float) -> None:
        self._alike = alike
        self._vectors: dict[int, Vector] = {}
        self._holders: dict[str, list[int]] = {}

    def put(self, number: int, vector: Vector) -> None:
        self._vectors[number] = vector
        for gram in self._telling(vector):
            self._holders.setdefault(gram, []).append(number)

    def near(self, vector: Vector) -> list[tuple[int, float]]:
        """Numbers and cosines of all that are alike, in no order."""
        candidates = {number for gram in self._telling(vector) for number in self._holders.get(gram, ())}
        cosines = ((number, cosine(vector, self._vectors[number])) for number in candidates)
        return [(number, value) for number, value in cosines if value >= self._alike]

    def _telling(self, vector: Vector) -> Iterator[str]:
        rest, enough = 1.0, self._alike**2 - 1e-9
        for gram, weight in vector.items():
            if rest < enough:
                return
            yield gram
            rest -= weight * weight


def cosine(one: Vector, other: Vector) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[gram] for gram, weight in one.items() if gram in other)


def _unit(vector: dict[str, float]) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {gram: weight / length for gram, weight in vector.items()} if length else {}
