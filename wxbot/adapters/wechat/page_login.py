"""
Who looks at a page of ours: WeChat's OAuth for pages.

Official page 网页授权: the browser goes to `connect/oauth2/authorize` and comes back with a code, which
`sns/oauth2/access_token` turns into an openid, once and within five minutes.
"""

from urllib.parse import urlencode

from wxbot.adapters.wechat.errors import BAD_CODE, USED_CODE, incomplete
from wxbot.adapters.wechat.transport import Transport
from wxbot.errors import WeChatError
from wxbot.settings import OFFICIAL_API

OFFICIAL_PAGES = "https://open.weixin.qq.com"


class WeChatLogin:
    """`PageLogin`; safe for many threads. What stands in for the API stands in for WeChat's pages, too."""

    def __init__(self, appid: str, secret: str, *, api_base: str = OFFICIAL_API) -> None:
        self._appid, self._secret = appid, secret
        self._transport = Transport(api_base, secrets=(secret,))
        self._pages = OFFICIAL_PAGES if api_base == OFFICIAL_API else api_base

    def address(self, back: str, state: str) -> str:
        # WeChat wants exactly this order, and the fragment.
        query = {
            "appid": self._appid,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        return f"{self._pages}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"

    def visitor(self, code: str) -> str | None:
        query = {"appid": self._appid, "secret": self._secret, "code": code, "grant_type": "authorization_code"}
        try:
            answer = self._transport.exchange("GET", f"{OFFICIAL_API}/sns/oauth2/access_token", params=query)
        except WeChatError as error:
            if error.code in (BAD_CODE, USED_CODE):
                return None
            raise
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise incomplete("sns/oauth2/access_token", "openid")
        return openid
