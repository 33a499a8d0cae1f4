"""How often things may happen."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from wxbot.adapters.redis.connect import connect
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.limits import RedisLimits
from wxbot.errors import StoreUnavailable


@pytest.fixture
def link(redis_url):
    return connect(redis_url)


@pytest.fixture
def limits(link, appid):
    return RedisLimits(link, appid)


def test_as_much_as_is_allowed_and_no_more(limits):
    assert [limits.take("look", 2, 60) for _ in range(3)] == [True, True, False]


def test_different_things_are_counted_apart(limits):
    limits.take("look", 1, 60)

    assert limits.take("send", 1, 60)


def test_several_at_once_share_one_count(limits):
    with ThreadPoolExecutor(8) as threads:
        allowed = list(threads.map(lambda _: limits.take("look", 5, 60), range(20)))

    assert allowed.count(True) == 5


def test_the_count_begins_anew_a_window_after_the_first(limits, link, appid):
    limits.take("look", 1, 60)
    limits.take("look", 1, 60)

    assert 55 < link.client.ttl(Keys(appid).limit("look")) <= 60


def test_without_redis_nobody_can_tell(appid):
    with pytest.raises(StoreUnavailable):
        RedisLimits(connect("unix:///nowhere.sock"), appid).take("look", 1, 60)
