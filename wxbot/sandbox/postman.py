"""One request to the bot: its faults, its time limit, and its line in the wire log (protocol 1.2, 3.1)."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import requests

from wxbot.sandbox import contents
from wxbot.sandbox.answer import Reply
from wxbot.sandbox.delivery import post, read_response
from wxbot.sandbox.faults import OF_A_TRY, Fault, Faults
from wxbot.sandbox.wire import Fields, InvalidAnswer, Push, Wire, to_xml
from wxbot.sandbox.wirelog import Entry, Side, WireLog, shown

PATIENCE_S = 5.0


class NoAnswer(Exception):
    """The bot did not answer in time, or the network lost it."""


@dataclass(slots=True)
class Postman:
    """
    admit: raises InvalidAnswer for a well-formed reply that this account cannot give. patience_s: how long one delivery
    may take (3.1).
    """

    faults: Faults
    log: WireLog
    admit: Callable[[Reply], None]
    patience_s: float = PATIENCE_S

    def verify(self, wire: Wire, address: str) -> None:
        """
        Ask the bot at this address for the echo.

        Raises:
            InvalidAnswer: something else came back, or nothing.
        """
        echo = str(secrets.randbelow(10**19))
        query = {**wire.signed(int(time.time())), "echostr": echo}
        entry = self.log.begin("push", "echostr", _request("GET", address, query, ""))
        try:
            response = requests.get(address, params=query, timeout=self.patience_s)
        except requests.RequestException as error:
            self.log.end(entry, "failed", reason=type(error).__name__, response=None)
            raise InvalidAnswer(type(error).__name__) from None
        if response.status_code != 200 or response.text != echo:
            reason = f"HTTP {response.status_code}, and not the echostr"
            self.log.end(entry, "failed", reason=reason, response=_side(response))
            raise InvalidAnswer(reason)
        self.log.end(entry, "checked", response=_side(response))

    def deliver(
        self, push: Push, wire: Wire, fields: Fields, address: str, *, delivery: int, attempt: int
    ) -> Reply | None:
        """Post it once; None where no valid answer came."""
        request = _request("POST", address, push.query, shown(push.body), to_xml(fields))
        name, openid = contents.name_of(fields), str(fields["FromUserName"])
        entry = self.log.begin("push", name, request, openid=openid, delivery=delivery, attempt=attempt)
        fault = self.faults.take_push(OF_A_TRY, openid, contents.names_of(fields))
        try:
            response = self._sent(push, address, fault)
        except (requests.RequestException, NoAnswer) as error:
            self._end(entry, "failed", _reason(error), fault, None)
            return None
        return self._read(entry, push, wire, fields, response, fault, attempt)

    def _sent(self, push: Push, address: str, fault: Fault | None) -> requests.Response:
        late_s = fault.value if fault and fault.kind == "slow" else 0
        is_lost = fault is not None and fault.kind == "drop"
        if is_lost and fault and not fault.after:
            raise NoAnswer("lost on its way to the bot")
        time.sleep(min(late_s, self.patience_s))
        if late_s >= self.patience_s:
            raise NoAnswer(f"no answer within {self.patience_s:g} s")
        response = post(address, push, self.patience_s - late_s)
        if is_lost:
            raise NoAnswer("the answer was lost on its way")
        return response

    def _read(
        self, entry: Entry, push: Push, wire: Wire, fields: Fields, response: requests.Response, fault: Fault | None,
        attempt: int,
    ) -> Reply | None:  # fmt: skip
        side = _side(response, _opened(wire, push, response))
        try:
            reply = read_response(wire, push, response, fields)
            self.admit(reply)
        except InvalidAnswer as error:
            self._end(entry, "failed", str(error), fault, side)
            return None
        self._end(entry, outcome_of(reply), "", fault, side)
        return replace(reply, tries=attempt)

    def _end(self, entry: Entry, verdict: str, reason: str, fault: Fault | None, response: Side | None) -> None:
        self.log.end(entry, verdict, reason=reason, fault=fault.kind if fault else "", response=response)


def outcome_of(reply: Reply | None) -> Literal["reply", "silence", "transfer", "ai", "failed"]:
    if reply is None:
        return "failed"
    match reply.kind:
        case "silence" | "transfer" | "ai":
            return reply.kind
        case _:
            return "reply"


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, NoAnswer) else type(error).__name__


def _request(method: str, url: str, query: Mapping[str, str], raw: str, opened: str = "") -> Side:
    return Side({"method": method, "url": url, "query": dict(query)}, raw, opened)


def _side(response: requests.Response, opened: str = "") -> Side:
    return Side({"status": response.status_code}, shown(response.content), opened)


def _opened(wire: Wire, push: Push, response: requests.Response) -> str:
    try:
        return wire.unwrapped(response.content, push.query["nonce"])
    except InvalidAnswer:
        return ""
