"""What the account has now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from wxbot.errors import WeChatError
from wxbot.service.live_menu import Live
from wxbot.service.takeover.replies import Json, Medium, Reply, reply_of

NO_PERMISSION = 48001
T = TypeVar("T")


class AccountApi(Protocol):
    """WeChat's calls that only read. All raise WeChatError."""

    def menu_get(self) -> Json | None: ...

    def menu_current(self) -> Json: ...

    def autoreplies(self) -> Json:
        """The answer of `get_current_autoreply_info`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A keyword rule. equal: keywords that have to be the whole message; contain: that have to occur in it."""

    name: str
    equal: tuple[str, ...]
    contain: tuple[str, ...]
    replies: tuple[Reply, ...]
    at_random: bool = False

    @property
    def used(self) -> tuple[Reply, ...]:
        """Of one at random the first: an answer says the same every time."""
        return self.replies[:1] if self.at_random else self.replies

    @property
    def keywords(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.equal, *self.contain)))


@dataclass(frozen=True, slots=True)
class Account:
    """
    live: the menu, None where it may not be read. refused: a sentence for each of the two that may not.

    greets, replies_on: whether followers get these replies now.
    """

    live: Live | None
    greeting: Reply | None = None
    fallback: Reply | None = None
    rules: tuple[Rule, ...] = ()
    greets: bool = False
    replies_on: bool = False
    refused: tuple[str, ...] = ()


def read_account(api: AccountApi) -> Account:
    """
    Menu and replies.

    Raises:
        WeChatError: neither may be read (48001), or a call failed.
    """
    refused: list[str] = []
    live = _allowed(lambda: Live(_created(api), api.menu_current()), "菜单", refused)
    replies = _allowed(api.autoreplies, "自动回复", refused)
    if live is None and replies is None:
        raise WeChatError("；".join(refused), code=NO_PERMISSION)
    found = replies or {}
    return Account(
        live=live,
        greeting=reply_of(found.get("add_friend_autoreply_info")),
        fallback=reply_of(found.get("message_default_autoreply_info")),
        rules=tuple(map(_rule, (found.get("keyword_autoreply_info") or {}).get("list") or [])),
        greets=bool(found.get("is_add_friend_reply_open")),
        replies_on=bool(found.get("is_autoreply_open")),
        refused=tuple(refused),
    )


def media_in(account: Account) -> list[Medium]:
    """Every picture, voice and video there is, each once."""
    replies = [account.greeting, account.fallback, *(reply for rule in account.rules for reply in rule.replies)]
    buttons = account.live.shape.default if account.live else ()
    replies += [reply_of(button, "value") for button in _leaves(buttons)]
    return list(dict.fromkeys(reply.medium for reply in replies if reply and reply.medium))


def _leaves(buttons: Sequence[Json]) -> Iterator[Json]:
    for button in buttons:
        items = button.get("sub_button")
        yield from _leaves(items) if items else [button]


def _created(api: AccountApi) -> Json | None:
    """Only verified accounts may ask for what the API has made; the others have nothing that was."""
    try:
        return api.menu_get()
    except WeChatError as error:
        if error.code == NO_PERMISSION:
            return None
        raise


def _allowed(call: Callable[[], T], what: str, refused: list[str]) -> T | None:
    try:
        return call()
    except WeChatError as error:
        if error.code != NO_PERMISSION:
            raise
        refused.append(
            f"微信不让这个公众号读取{what}（错误码 48001）：未认证的账号没有这个接口的权限，或者还没有授权。"
            "请在后台抄下来，手工写进 menus.yaml 和 answers/；认证之后可以再导入一次"
        )
        return None


def _rule(data: Json) -> Rule:
    keywords = [(str(one.get("content") or "").strip(), one.get("match_mode")) for one in _list(data, "keyword")]
    replies = (reply_of(one) for one in _list(data, "reply"))
    return Rule(
        name=str(data.get("rule_name") or "").strip(),
        equal=tuple(text for text, mode in keywords if text and mode == "equal"),
        contain=tuple(text for text, mode in keywords if text and mode != "equal"),
        replies=tuple(reply for reply in replies if reply),
        at_random=data.get("reply_mode") == "random_one",
    )


def _list(data: Json, name: str) -> list[Any]:
    found = data.get(f"{name}_list_info")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
