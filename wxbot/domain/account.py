"""What WeChat lets an account do, by its type (protocol 0 and 7-10)."""

from enum import StrEnum


class AccountType(StrEnum):
    VERIFIED_SERVICE = "认证服务号"
    VERIFIED_SUBSCRIPTION = "认证订阅号"
    UNVERIFIED = "未认证"
    TEST = "测试号"


class Capability(StrEnum):
    CUSTOM_MESSAGE = "custom-message"
    """`message/custom/send`: messages that are not an answer to a POST (protocol 4.4)."""
    MENU_API = "menu-api"
    AGENTS = "agents"
    """Transfer to WeChat's own customer-service desk (protocol 4)."""
    FOLLOWERS = "followers"
    """What WeChat knows of a follower, tags among it (protocol 7)."""
    TEMPLATE_MESSAGE = "template-message"
    PAGE_LOGIN = "page-login"


_ALL = frozenset(Capability)
CAPABILITIES: dict[AccountType, frozenset[Capability]] = {
    AccountType.VERIFIED_SERVICE: _ALL,
    AccountType.VERIFIED_SUBSCRIPTION: _ALL - {Capability.TEMPLATE_MESSAGE, Capability.PAGE_LOGIN},
    AccountType.TEST: _ALL - {Capability.AGENTS},
    AccountType.UNVERIFIED: frozenset(),
}
