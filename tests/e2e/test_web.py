"""
What else a web process is asked: by operators, load balancers, Prometheus, and people who open the address.

Stale, forged and oversized requests are packed by hand, with a `Delivery`: the platform sends none.
"""

from collections.abc import Callable

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.processes import Deployment, Web
from wxbot.sandbox.delivery import Delivery

TURNS = 30


@pytest.fixture(scope="module")
def bot(deploy: Callable[..., Deployment]) -> Deployment:
    bot = deploy()
    (bot.content / "MP_verify_a1B2c3.txt").write_text("a1B2c3", encoding="ascii")
    return bot


@pytest.fixture(scope="module")
def web(bot: Deployment) -> Web:
    return bot.serve(workers=2)


@pytest.fixture
def delivery(bot: Deployment, web: Web) -> Delivery:
    return bot.delivery(web)


def test_an_old_check_is_refused_however_well_it_is_signed(web, delivery):
    last_hour = delivery.wire.signed(int(delivery.clock()) - 3600)

    refused = web.get("/wechat", **last_hour, echostr="5927782489442352469")

    assert (refused.status_code, refused.text) == (403, "forbidden")


def test_an_echo_is_never_taken_for_a_page(web, delivery):
    echoed = web.get("/wechat", **delivery.wire.signed(int(delivery.clock())), echostr="<script>alert(1)</script>")

    assert echoed.headers["Content-Type"].startswith("text/plain")
    assert echoed.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("query", [{"signature": "0" * 40}, {"signature": ""}])
def test_a_check_with_a_wrong_signature_is_refused(web, query):
    assert web.get("/wechat", timestamp="1", nonce="1", echostr="1", **query).status_code == 403


def test_who_opens_the_address_sees_a_page_and_nothing_of_ours(web):
    page = web.get("/wechat")

    assert page.status_code == 200
    assert "请在微信里打开" in page.text


def test_the_proof_of_ownership_is_served_and_nothing_beside_it(web):
    assert web.get("/MP_verify_a1B2c3.txt").text == "a1B2c3"
    for name in ("MP_verify_other.txt", "menus.yaml", "answers/shop.yaml", "MP_verify_..%2fmenus.txt", "..%2fdata"):
        assert web.get(f"/{name}").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(web, method):
    assert requests.request(method, f"{web.url}/wechat", timeout=5).status_code == 405


def test_a_body_that_wechat_never_sends_is_refused_by_its_size(delivery):
    assert delivery.raw("x" * 64 * 1024).status_code == 403
    assert delivery.raw("x" * (64 * 1024 + 1)).status_code == 413
    assert delivery.raw("x" * 5_000_000).status_code == 413


def test_life_and_readiness_are_told_apart(web):
    assert web.get("/healthz").text == "ok"
    assert web.get("/readyz").json().items() >= {"ready": True, "redis": True, "content_problems": 0}.items()


def test_metrics_add_up_over_two_processes(bot, web):
    follower = bot.a_follower()
    before = turns_in_metrics(web)

    for _ in range(TURNS):
        follower.says("怎么退款")

    assert len(web.children) == 2
    assert {turns_in_metrics(web) - before for _ in range(10)} == {TURNS}


def turns_in_metrics(web: Web) -> float:
    families = text_string_to_metric_families(web.get("/metrics").text)
    return sum(sample.value for family in families for sample in family.samples if sample.name == "wxbot_turns_total")


def test_neither_openids_nor_words_nor_secrets_get_into_the_log_or_the_metrics(bot, web, delivery):
    follower = bot.a_follower()

    follower.says("我的密码是 hunter2")
    delivery.raw("<xml>", {"signature": "hunter2"})

    seen = web.printed() + web.get("/metrics").text
    assert "rule=missed" in seen
    assert not [
        word for word in (follower.openid, "hunter2", bot.token, bot.aes_key, bot.settings.appsecret) if word in seen
    ]
