"""Keeping what followers send: where it comes from, where it goes, and what became of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from wxbot.domain.job import SaveMedia
from wxbot.domain.ticket import Media, MediaKind


@dataclass(frozen=True, slots=True)
class Fit:
    """A file as it may be kept. suffix: what it is, such as `.jpg`."""

    content: bytes
    suffix: str


@dataclass(frozen=True, slots=True)
class Saved:
    """
    What became of a medium.

    media: with its path, or why it was lost. at: unix seconds. ticket, handoff: what it belongs to, '' for both of what
    waits for the commit that says so.
    """

    user: str
    media: Media
    at: int
    ticket: str = ""
    handoff: str = ""


def became(saved: Mapping[str, Saved], media: Media) -> Media:
    """The medium as it is now. saved: by media id."""
    found = saved.get(media.media_id)
    return found.media if found else media


class MediaSource(Protocol):
    """WeChat's copy. Both raise WeChatError, and FileTooBig for more than is taken."""

    def download(self, media_id: str) -> bytes:
        """40007: it is older than three days, or it never was."""

    def picture(self, url: str) -> bytes:
        """The picture behind a `PicUrl`, which outlives its media id (protocol 2.2)."""


class MediaShelf(Protocol):
    """Files by their paths. All raise MediaUnavailable."""

    def put(self, content: bytes, suffix: str, salt: str = "") -> str:
        """Its path, the same for the same content and salt; there is never half a file."""

    def get(self, path: str) -> bytes: ...

    def delete(self, path: str) -> bool:
        """Whether it was there."""


class MediaRecords(Protocol):
    """What became of each medium. All raise StoreUnavailable."""

    def note(self, saved: Saved) -> None: ...

    def saved(self, media_ids: Sequence[str]) -> Mapping[str, Saved]:
        """Those that are known, by media id."""

    def every(self) -> Iterator[Saved]: ...

    def of_handoff(self, id: str) -> Sequence[Saved]:
        """In the order in which they were saved; found the slow way, through all there are."""

    def forget(self, media_ids: Sequence[str]) -> None: ...

    def is_wanted(self, task: SaveMedia) -> bool:
        """Whether there is that ticket or handoff, and it is still that user's."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """check: what a file is by its content, as it may be kept; raises UnfitMedia."""

    source: MediaSource
    shelf: MediaShelf
    records: MediaRecords
    check: Callable[[MediaKind, bytes], Fit]

    def drop(self, saved: Saved) -> bool:
        """Forget a medium, file first; whether there was a file."""
        there = bool(saved.media.path) and self.shelf.delete(saved.media.path)
        self.records.forget([saved.media.media_id])
        return there

    def put_away(self, saved: Saved) -> bool:
        """Remove the file of a medium, and leave a note that it was there; whether there was a file."""
        there = self.shelf.delete(saved.media.path)
        self.records.note(replace(saved, media=replace(saved.media, path="", size=0, loss="outlived")))
        return there
