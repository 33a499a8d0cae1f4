"""
Publishing and rolling back: every process makes the version ready, then all switch at one moment.

Texts are for operators, in Chinese.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from wxbot.errors import PublishRefused
from wxbot.service.snapshot import Snapshot
from wxbot.service.versions import (
    EVENTS,
    KEPT_VERSIONS,
    PACKED_LIMIT_BYTES,
    SIZE_LIMIT_BYTES,
    Event,
    Runner,
    Shelf,
    Version,
    What,
)

PATIENCE_S = 60.0
"""How long the slowest process may take to load a version."""
SWITCH_S = 1.0
"""From the decision to the switch: long enough for every process that is ready to learn of the moment."""
SETTLE_S = 3.0
"""After the switch, until every process has reported what it runs."""
LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be published. answers: how many there are in it. by: who publishes. at: unix seconds."""

    snapshot: Snapshot
    answers: int
    by: str
    note: str
    at: int


@dataclass(frozen=True, slots=True)
class Switched:
    """version: that is live now. before: that was, None for none. runners: every process as it reported afterwards."""

    version: Version
    before: Version | None
    runners: Sequence[Runner]

    @property
    def late(self) -> list[Runner]:
        """Processes that run something else."""
        return [runner for runner in self.runners if runner.version != self.version.number]


def publish(shelf: Shelf, draft: Draft, *, force: bool = False, patience_s: float = PATIENCE_S) -> Switched:
    """
    Make a draft the live version.

    force: also when a process cannot follow.

    Raises:
        PublishRefused: nothing was changed. StoreUnavailable.
    """
    _require_room(draft.snapshot)
    version = Version(
        number=0,
        digest=draft.snapshot.digest,
        at=draft.at,
        by=draft.by,
        note=draft.note,
        files=len(draft.snapshot.files),
        answers=draft.answers,
        size=draft.snapshot.size,
    )
    announced = _announce(shelf, version, draft.snapshot)
    return _switch(shelf, announced, "publish", draft.by, draft.note, draft.at, force=force, patience_s=patience_s)


def rollback(
    shelf: Shelf, version: Version, *, by: str, note: str, at: int, force: bool = False, patience_s: float = PATIENCE_S
) -> Switched:
    """Make a version live that was so before; as for `publish`. Raises ContentError too: its files are damaged."""
    shelf.fetch(version)
    announced = _announce(shelf, version, None)
    return _switch(shelf, announced, "rollback", by, note, at, force=force, patience_s=patience_s)


def version_of(shelf: Shelf, number: int) -> Version:
    """Raises PublishRefused."""
    for version in shelf.versions():
        if version.number == number:
            return version
    raise PublishRefused(f"没有版本 {number}，用 wxbot versions 查看有哪些")


def version_before(shelf: Shelf) -> Version:
    """
    What was live until the live version was published; the newest older one where nobody remembers that.

    Not simply the one before by number: that may be the very version that was rolled back from.

    Raises:
        PublishRefused: there is none.
    """
    live = shelf.standing().live
    older = {version.number: version for version in shelf.versions() if live and version.number < live.number}
    if not (live and older):
        raise PublishRefused("没有更早的版本可以退回")
    published = (event for event in shelf.events(EVENTS) if event.what == "publish" and event.version == live.number)
    before = next((event.before for event in published), 0)
    return older.get(before) or older[max(older)]


def _require_room(snapshot: Snapshot) -> None:
    size, packed = snapshot.size, len(snapshot.packed)
    mega = 1024 * 1024
    if size > SIZE_LIMIT_BYTES:
        raise PublishRefused(f"内容一共 {size // mega} MB，超过 {SIZE_LIMIT_BYTES // mega} MB 的上限")
    if packed > PACKED_LIMIT_BYTES:
        raise PublishRefused(f"内容压缩后还有 {packed // mega} MB，超过 {PACKED_LIMIT_BYTES // mega} MB 的上限")


def _announce(shelf: Shelf, version: Version, snapshot: Snapshot | None) -> Version:
    announced = shelf.announce(version, snapshot)
    if announced is None:
        raise PublishRefused("有人正在发布或回滚，请过一会儿再试")
    return announced


def _switch(
    shelf: Shelf, version: Version, what: What, by: str, note: str, at: int, *, force: bool, patience_s: float
) -> Switched:
    try:
        obstacles = _await_ready(shelf, version, patience_s)
        if obstacles and not force:
            raise PublishRefused(*obstacles, "没有切换，所有进程照旧；确定不管它们就加上 --force")
        before = shelf.standing().live
        event = Event(what, version.number, before.number if before else 0, by, note, at)
        if not shelf.switch(version, event, in_s=SWITCH_S, drop=_obsolete(shelf.versions(), version, before)):
            raise PublishRefused("准备的时间太长，这次发布已经作废，请再试一次")
    except BaseException:
        shelf.call_off(version)
        raise
    return Switched(version, before, _await_running(shelf, version))


def _await_ready(shelf: Shelf, version: Version, patience_s: float) -> list[str]:
    """Wait for every process; what stands in the way, one sentence a process."""
    deadline = time.monotonic() + patience_s
    while True:
        waiting = [runner for runner in shelf.runners() if not runner.is_ready_for(version.number)]
        failed = [runner for runner in waiting if runner.target == version.number and runner.state == "failed"]
        if failed:
            return [f"进程 {runner.name} 加载不了版本 {version.number}：{runner.why}" for runner in failed]
        if not waiting:
            return []
        if time.monotonic() > deadline:
            return [f"进程 {runner.name} 在 {patience_s:.0f} 秒内没有准备好" for runner in waiting]
        shelf.renew(version)
        time.sleep(LOOK_S)


def _await_running(shelf: Shelf, version: Version) -> Sequence[Runner]:
    deadline = time.monotonic() + SWITCH_S + SETTLE_S
    while True:
        runners = shelf.runners()
        if all(runner.version == version.number for runner in runners) or time.monotonic() > deadline:
            return runners
        time.sleep(LOOK_S)


def _obsolete(versions: Sequence[Version], live: Version, before: Version | None) -> list[Version]:
    others = [version for version in versions if version.number != live.number]
    return [version for version in others[KEPT_VERSIONS:] if version != before]
