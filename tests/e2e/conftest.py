"""A shop with a handful of answers on processes of its own, and an operator with an account in the environment."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.processes import Deployment
from wxbot.sandbox.platform import Platform

MENUS = """\
version: 1
account: {name: 小店, type: 认证服务号}
welcome:
  text: 欢迎关注{name}！
  options: [{label: 常见问题, action: browse}]
  returning: {text: 欢迎回来！}
contacts:
  phones: [{name: 客服热线, number: 400-000-0000}]
menu:
  - {name: 常见问题, action: browse}
  - {name: 怎么退款, action: "answer:refund"}
  - {name: 人工客服, action: human}
"""

ANSWERS = """\
category: 订单
answers:
  - id: refund
    question: 怎么退款
    similar: [我要退款, 退款怎么申请]
    answer: 在订单页点「申请退款」。
  - id: invoice
    question: 怎么开发票
    similar: [开发票]
    answer: 在订单页点「开发票」。
    related: [refund, delivery]
  - id: delivery
    question: 多久发货
    answer: 四十八小时内发货。
  - id: guide
    question: 新手怎么入门
    answer:
      - 第一步，注册账号。
      - 第二步，选好商品。
      - 第三步，下单付款。
"""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all commands run, so that what the segmenter compiles is compiled once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def deploy(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Deployment]]:
    """Makes deployments, each with data and content of its own; they end with the module."""
    made: list[Deployment] = []

    def make(*, menus: str = MENUS, answers: str = ANSWERS, **options: object) -> Deployment:
        folder = tmp_path_factory.mktemp("bot")
        content = folder / "content"
        (content / "answers").mkdir(parents=True)
        (content / "menus.yaml").write_text(menus, encoding="utf-8")
        (content / "answers" / "shop.yaml").write_text(answers, encoding="utf-8")
        made.append(Deployment(home, folder, content, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for deployment in made:
        deployment.stop()


@pytest.fixture
def platform(tmp_path: Path, redis_url: str, appid: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The account that commands find in their environment."""
    with Platform(appid) as platform:
        environment = {
            "WECHAT_APPID": appid,
            "WECHAT_APPSECRET": platform.tokens.secret,
            "WECHAT_API_BASE": platform.url,
            "REDIS_URL": redis_url,
            "WXBOT_DATA": str(tmp_path / "data"),
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield platform
