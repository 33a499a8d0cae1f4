"""What was said at the desk, as `msgrecord/getmsglist` tells it (protocol 4.2)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from wxbot.sandbox.chat import Content
from wxbot.sandbox.refusal import Json, Refusal

AGENT_SENT, AGENT_RECEIVED = 2002, 2003
LONGEST_S, MOST = 86400, 10_000


@dataclass(frozen=True, slots=True)
class Record:
    openid: str
    code: int
    text: str
    time: int
    worker: str

    def view(self) -> Json:
        return {
            "openid": self.openid, "opercode": self.code, "text": self.text, "time": self.time, "worker": self.worker
        }  # fmt: skip


@dataclass(slots=True)
class Records:
    """known: oldest first; the number of a record is its `msgid`, from 1."""

    clock: Callable[[], float]
    known: list[Record] = field(default_factory=list)

    def note(self, openid: str, code: int, content: Content, worker: str) -> None:
        text = str(content.fields["text"]) if content.kind == "text" else f"[{content.kind}]"
        self.known.append(Record(openid, code, text, int(self.clock()), worker))

    def page(self, request: Json) -> Json:
        """From `msgid` on; who asks again with the `msgid` of the answer gets the next page."""
        start, end, first, number = (request.get(name) for name in ("starttime", "endtime", "msgid", "number"))
        if not (isinstance(start, int) and isinstance(end, int) and isinstance(first, int) and isinstance(number, int)):
            raise Refusal(65416, "invalid query parameters")
        if start > end or first < 1 or not 1 <= number <= MOST:
            raise Refusal(65416, "invalid query parameters")
        if end - start > LONGEST_S:
            raise Refusal(65417, "the time span is too long")
        numbered = enumerate(self.known, 1)
        found = [(at, record) for at, record in numbered if at >= first and start <= record.time <= end][:number]
        after = found[-1][0] + 1 if found else first
        return {"recordlist": [record.view() for _, record in found], "number": len(found), "msgid": after}
