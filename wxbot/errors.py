"""
Every error of ours, by whose fault it is.

WxbotError
├── SettingsError      the engineer: environment variables, all of them at once
├── ContentError       the operator: content files, all problems at once
├── PublishRefused     content that cannot be published or rolled back now; nothing was changed
├── Refused            the sender of a request: answered 403
├── Unreadable         a request from WeChat that makes no sense to us: answered `success`
├── WeChatError        WeChat or the network on the way to it
│   └── FileTooBig     a file of more bytes than are taken
├── UnfitMedia         what followers send: a file that is not what it was said to be
├── MediaUnavailable   the folder or object store that keeps media
├── HookFailed         the operator's own server
├── SpareWayFailed     the operator's mail server or SMS hook
├── NoticeError        a robot or a mail server that staff hear through
└── StoreUnavailable   Redis cannot be reached
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
"""A note tells what nobody can mend now, so it never counts as a problem."""


class WxbotError(Exception):
    """Base of all our errors."""


class SettingsError(WxbotError):
    """problems: one English sentence each, naming the variable, never its value."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """
    One thing wrong in an operator's file.

    file: relative to the content folder. line, column: from 1. message: Chinese. hint: how to mend it, or ''.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        mark = {"error": "", "warning": "提醒：", "note": "说明："}[self.severity]
        return f"{self.file}:{self.line}:{self.column}: {mark}{self.message}{self.hint and '。' + self.hint}"


class ContentError(WxbotError):
    """problems: every problem of every file, ordered by place; at least one has severity `error`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class PublishRefused(WxbotError):
    """reasons: one Chinese sentence each."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class Refused(WxbotError):
    """The request does not come from WeChat. The text is the reason for the log; the sender is not told."""


class Unreadable(WxbotError):
    """Authentic, but not a message that can be answered. The text is the reason for the log."""


class WeChatError(WxbotError):
    """
    A call to WeChat failed.

    code: WeChat's errcode, None when there was no answer to read it from.
    retryable: the same call may succeed later. delivered: `maybe` when the request may have taken effect all the same
    (a time-out after sending), so that a blind retry could do it twice (protocol 4.4).
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        retryable: bool = False,
        delivered: Literal["no", "maybe"] = "no",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        self.delivered = delivered


class SpareWayFailed(WxbotError):
    """
    An e-mail or a short message was not taken. The text is one line that may be shown and logged.

    delivered: `maybe` when it may have been taken all the same.
    """

    def __init__(self, message: str, *, delivered: Literal["no", "maybe"] = "no") -> None:
        super().__init__(message)
        self.delivered = delivered


class HookFailed(WxbotError):
    """
    The operator's own server did not do what it was asked. The text is the end of a Chinese sentence, free of secrets.

    delivered: `maybe` when it may have taken effect all the same.
    """

    def __init__(self, message: str, *, delivered: Literal["no", "maybe"] = "no") -> None:
        super().__init__(message)
        self.delivered = delivered


class NoticeError(WxbotError):
    """A notice to staff did not get through. The text is Chinese and holds no secret; retryable: it may later."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


class FileTooBig(WeChatError):
    """A file of more bytes than are taken, which was not read to its end."""


class UnfitMedia(WxbotError):
    """A file is not what it was said to be, or broken; it will not be kept. The text is for the log."""


class MediaUnavailable(WxbotError):
    """The media store did not take a file, or does not give it back."""


class StoreUnavailable(WxbotError):
    """Redis did not answer in time, or at all."""
