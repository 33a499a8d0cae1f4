"""
What two questions can have in common: words, characters, sounds of characters, pairs of neighbours.

Characters and pairs stand for themselves. In front of words and sounds is a capital, which no normalised text holds,
so that 好 the word, 好 the sound and 好 the character stay three things.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from wxbot.answering.general import folds, sounds
from wxbot.answering.normalise import normalise
from wxbot.answering.segment import Cut, segmenter

WORD, SOUND = "WS"

_UNIT = re.compile(r"[a-z+#]+|[0-9.]+|.", re.DOTALL)  # iphone15 is two units, 退款 as well


@dataclass(frozen=True, slots=True)
class Reading:
    """words: as cut. plain: the text with operators' synonyms folded. tokens: each once."""

    words: tuple[str, ...]
    plain: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """
    synonyms: the operators' own, which replace a word altogether. same: general folds, which only let words meet,
    since what is the same in most businesses may make the difference in one.
    """

    cut: Cut
    synonyms: Mapping[str, str]
    same: Mapping[str, str]
    sounds: Mapping[int, str]

    def read(self, text: str) -> Reading:
        """Read a normalised text."""
        cut = self.cut(text)
        words = [self.synonyms.get(word, word) for word in cut] if self.synonyms else cut
        plain = "".join(words) if self.synonyms else text
        tokens = [*[WORD + self.same.get(word, word) for word in words], *self._pieces(plain)]
        return Reading(tuple(cut), plain, tuple(dict.fromkeys(tokens)))

    def _pieces(self, plain: str) -> list[str]:
        units = _UNIT.findall(plain)
        return [
            *units,
            *[SOUND + unit for unit in plain.translate(self.sounds) if unit >= "一"],
            *[one + other for one, other in pairwise(units)],
        ]

    def strangers(self, words: Iterable[str], known: Container[str]) -> Iterator[str]:
        """Words of content, two signs or more, of which not even the pieces are among the known tokens."""
        for word in dict.fromkeys(words):
            if len(word) > 1 and word not in self.same:
                pieces = self._pieces(self.synonyms.get(word, word))
                if not all(piece in known for piece in pieces):
                    yield word

    def folded(self, words: Iterable[str]) -> dict[str, str]:
        """Of these words those that are read as another, with that other."""
        read_as = {word: self.synonyms.get(word, word) for word in words}
        read_as = {word: self.same.get(other, other) for word, other in read_as.items()}
        return {word: other for word, other in read_as.items() if word != other}


def reader(vocabulary: Iterable[str], synonyms: Iterable[Sequence[str]], *, cache: Path) -> Reader:
    """vocabulary: operators' words, kept whole. synonyms: groups of words, read as the first of them."""
    groups = [[word for word in map(normalise, group) if word] for group in synonyms]
    own = {word: group[0] for group in groups for word in group}
    same = folds()
    whole = [*same, *map(normalise, vocabulary), *own]
    cut = segmenter([word for word in dict.fromkeys(whole) if len(word) > 1], cache=cache)
    return Reader(cut, own, same, sounds())
