"""Pictures that followers choose on the page: kept as those that they send in the chat, beside the same records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from wxbot.domain.ticket import Media, MediaKind
from wxbot.service.keeper import Fit, MediaRecords, MediaShelf, Saved
from wxbot.service.ports import Clock


@dataclass(frozen=True, slots=True)
class Uploads:
    """check: what a file is by its content, drawn anew; raises UnfitMedia."""

    shelf: MediaShelf
    records: MediaRecords
    check: Callable[[MediaKind, bytes], Fit]
    clock: Clock

    def keep(self, user: str, pictures: Sequence[bytes]) -> tuple[Media, ...]:
        """
        All of them, or none. The commit that gives them to a ticket notes which; what none does goes after a while.

        Raises:
            UnfitMedia: one is no picture. MediaUnavailable, StoreUnavailable.
        """
        fitting = [self.check("image", picture) for picture in pictures]
        return tuple(self._keep(user, fit) for fit in fitting)

    def get(self, medium: Media) -> bytes:
        """Raises MediaUnavailable."""
        return self.shelf.get(medium.path)

    def _keep(self, user: str, fit: Fit) -> Media:
        id = f"page-{uuid4().hex}"
        medium = Media("image", id, path=self.shelf.put(fit.content, fit.suffix, id), size=len(fit.content))
        # Before it belongs to a ticket: whoever erases this user has to find it.
        self.records.note(Saved(user, medium, int(self.clock())))
        return medium
