"""One file of answers, and where in it something can be put, changed or taken out."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import yaml

from wxbot.adapters.content.marks import Marked, Splice, column_of, end_of, piece_of, text_of
from wxbot.adapters.content.pieces import FIELDS, NewEntry, entry_lines, field_lines, scalar


class Page(Marked):
    """
    Its methods tell the splices that something takes.

    Where the file is built in a way that cannot be edited, there are none, and the text stays as it was.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._by_id = {text_of(entry, "id"): entry for entry in reversed(self._entries)}

    def with_phrasings(self, id: str, phrasings: Sequence[str]) -> list[Splice]:
        entry = self._by_id.get(id)
        if entry is None:
            return []
        similar = piece_of(entry, "similar")
        if similar is None:
            return self._with_field(entry, "similar", list(phrasings))
        if not isinstance(similar, yaml.SequenceNode):
            return []
        return [self._with_more(similar, phrasings)]

    def with_entries(self, entries: Sequence[NewEntry]) -> list[Splice]:
        """New ones, below those that are there."""
        return self.with_items([entry_lines(entry, self.indent, brackets=self.prefers_brackets) for entry in entries])

    def with_items(self, items: Sequence[Sequence[str]]) -> list[Splice]:
        """Lines of entries, indented as here, below those that are there."""
        answers = piece_of(self._root, "answers")
        if answers is None:
            return [self._below(self._root, ["answers:", *(line for item in items for line in item)])]
        if not isinstance(answers, yaml.SequenceNode):
            return []
        if not answers.value:
            lines = [line for item in items for line in ["", *item]][1:]
            return [Splice(self._after_colon(answers), end_of(answers), self._newline + self._newline.join(lines))]
        if answers.flow_style:
            return []
        apart = [""] if self._stands_apart(answers.value[-1]) else []
        return [self._below(answers, [line for item in items for line in [*apart, *item]])]

    def without_entries(self, ids: Sequence[str], *, refilled: bool = False) -> list[Splice]:
        """
        Less these entries, with the comments right above them.

        refilled: others are put in at the same time, so that the list does not become empty.
        """
        answers = piece_of(self._root, "answers")
        if not isinstance(answers, yaml.SequenceNode) or answers.flow_style:
            return []
        if len(ids) == len(answers.value) and not refilled:
            return [Splice(self._after_colon(answers), self._line_end(self._trimmed(answers)), " []")]
        return [self._removal(self._by_id[id]) for id in ids]

    def with_value(self, id: str, name: str, value: str | list[str]) -> list[Splice]:
        """One field of an entry; '' and [] take it out."""
        entry = self._by_id[id]
        piece = piece_of(entry, name)
        if piece is None:
            return self._with_field(entry, name, value)
        if not value:
            return self._without_field(entry, name)
        if isinstance(value, str):
            return self._with_text(entry, name, piece, value)
        if not isinstance(piece, yaml.SequenceNode):
            return []
        return self._with_flow_list(piece, value) if piece.flow_style else self._with_block_list(piece, value)

    def lines_of(self, id: str, indent: int) -> list[str]:
        """An entry as it is written here, comments right above it included, as if it were indented so far."""
        entry = self._by_id[id]
        start, end = self._with_comments(entry), self._line_end(self._trimmed(entry))
        here = self._indent_of(entry)
        lines = self._text[start:end].splitlines()
        return [" " * indent + line[here:] if line[:here].isspace() or not here else line for line in lines]

    @property
    def indent(self) -> int:
        """Of the dashes in front of the entries."""
        answers = piece_of(self._root, "answers")
        return column_of(answers) if isinstance(answers, yaml.SequenceNode) and answers.value else 2

    @property
    def _entries(self) -> list[yaml.MappingNode]:
        answers = piece_of(self._root, "answers")
        found = answers.value if isinstance(answers, yaml.SequenceNode) else []
        return [entry for entry in found if isinstance(entry, yaml.MappingNode)]

    @property
    def prefers_brackets(self) -> bool:
        """Whether lists are written in brackets here."""
        lists = [found for entry in self._entries if (found := piece_of(entry, "similar"))]
        return bool(lists) and bool(getattr(lists[0], "flow_style", False))

    def _with_field(self, entry: yaml.MappingNode, name: str, value: str | list[str]) -> list[Splice]:
        """A field that was not there, behind the one that comes before it."""
        before = [piece for earlier in FIELDS[: FIELDS.index(name)] if (piece := piece_of(entry, earlier))]
        if not before:
            return []
        last = max(before, key=lambda piece: int(piece.start_mark.index))
        if entry.flow_style:
            return [self._inserted(end_of(last), f", {name}: {_flow(value)}")]
        return [self._below(last, field_lines(name, value, column_of(entry), brackets=self.prefers_brackets))]

    def _without_field(self, entry: yaml.MappingNode, name: str) -> list[Splice]:
        names = [key.value for key, _ in entry.value]
        at = names.index(name)
        if at == 0:  # it shares its line with the dash
            return []
        key, value = entry.value[at]
        if entry.flow_style:
            return [Splice(end_of(entry.value[at - 1][1]), end_of(value), "")]
        start = self._line_start(int(key.start_mark.index))
        return [Splice(start, self._next_line(self._trimmed(value)), "")]

    def _with_flow_list(self, piece: yaml.SequenceNode, texts: list[str]) -> list[Splice]:
        known = [node.value for node in piece.value]
        if known and known == texts[: len(known)]:
            return [self._with_flow_items(piece, texts[len(known) :])]
        start, end = int(piece.start_mark.index), end_of(piece)
        if re.search(r"(?:^|\s)#", self._text[start:end]):  # a comment that would be lost
            return []
        return [Splice(start, start + 1, "["), Splice(start + 1, end - 1, self._flow_items(start + 1, texts, piece))]

    def _with_block_list(self, piece: yaml.SequenceNode, texts: list[str]) -> list[Splice]:
        """Items that stay are not touched."""
        dash, nodes = " " * column_of(piece) + "- ", piece.value
        splices: list[Splice] = []
        matcher = SequenceMatcher(None, [node.value for node in nodes], texts, autojunk=False)
        for kind, start, end, new_start, new_end in matcher.get_opcodes():
            if kind == "equal":
                continue
            old, new = nodes[start:end], texts[new_start:new_end]
            for node, text in zip(old, new, strict=False):
                splices.append(Splice(int(node.start_mark.index), self._trimmed(node), scalar(text, flow=False)))
            for node in old[len(new) :]:
                at = int(node.start_mark.index)
                splices.append(Splice(self._line_start(at), self._next_line(self._trimmed(node)), ""))
            lines = [dash + scalar(text, flow=False) for text in new[len(old) :]]
            if lines and end:
                splices.append(self._below(nodes[end - 1], lines))
            elif lines:
                at = self._line_start(int(nodes[0].start_mark.index))
                splices.append(Splice(at, at, "".join(line + self._newline for line in lines)))
        return splices

    def _removal(self, entry: yaml.Node) -> Splice:
        start, end = self._with_comments(entry), self._next_line(self._trimmed(entry))
        above = self._text[:start].rstrip(" \r\n")
        blank = self._next_line(len(above)) if above else 0
        return Splice(min(blank, start), end, "")

    def _with_comments(self, entry: yaml.Node) -> int:
        """Where its lines start, with the comments that stand right above it."""
        start = self._line_start(int(entry.start_mark.index))
        while start:
            above = self._line_start(start - 1)
            if not self._text[above:start].lstrip().startswith("#"):
                break
            start = above
        return start

    def _indent_of(self, entry: yaml.Node) -> int:
        """Of its dash."""
        line = self._text[self._line_start(int(entry.start_mark.index)) :]
        return len(line) - len(line.lstrip(" "))

    def _stands_apart(self, entry: yaml.Node) -> bool:
        """Whether there is an empty line above it."""
        above = self._text[: self._with_comments(entry)].splitlines()
        return len(above) > 1 and not above[-1].strip()

    def _after_colon(self, value: yaml.Node) -> int:
        """Behind the key of this value."""
        key = next(key for key, piece in self._root.value if piece is value)
        return self._text.index(":", int(key.end_mark.index)) + 1


def _flow(value: str | list[str]) -> str:
    if isinstance(value, str):
        return scalar(value, flow=True)
    return f"[{', '.join(scalar(text, flow=True) for text in value)}]"
