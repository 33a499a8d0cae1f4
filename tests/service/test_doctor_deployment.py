"""Settings, Redis, work, files and notices, in good and bad states."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.service.doctor_parts import found, marks
from wxbot import settings
from wxbot.adapters.host import LocalHost
from wxbot.adapters.media_files import MediaFiles
from wxbot.adapters.notices import Channels
from wxbot.adapters.redis.connect import connect
from wxbot.adapters.redis.probe import RedisProbe
from wxbot.adapters.redis.queue import RedisQueue
from wxbot.domain.account import AccountType
from wxbot.domain.job import Job, LearnTags, Timer
from wxbot.domain.outbound import SpareWays
from wxbot.domain.script import Script
from wxbot.errors import NoticeError, SettingsError, SpareWayFailed
from wxbot.service.doctor import configured, deployment, store
from wxbot.service.doctor.finding import fine
from wxbot.service.doctor.ports import Backlog, FolderState, StoreState
from wxbot.settings import Settings, load_settings

KEY = "kWxb0tAesKeyForTestsOnly0123456789abcdefghA"
GOOD = Settings("wx0123456789abcdef", "0123456789abcdef" * 2, "aRandomToken0001", KEY)
STATE = StoreState("Valkey 9.1", (7, 2, 4), True, True, "noeviction", 1 << 20, 0, False, 1000.0, 0.001)
IDLE = Backlog(0, 0, 0, 0)
NOW = 1000.0


class Probe:
    """A server that says this of itself."""

    def __init__(self, state: StoreState = STATE, backlog: Backlog = IDLE) -> None:
        self._state, self._backlog = state, backlog

    def state(self) -> StoreState:
        return self._state

    def backlog(self, now: float) -> Backlog:
        return self._backlog


class Workers:
    def __init__(self, *names: str) -> None:
        self._names = names

    def beat(self, worker: str) -> None: ...

    def workers(self) -> dict[str, float]:
        return dict.fromkeys(self._names, NOW)


def settled(settings: Settings, *problems: str):
    return found(lambda: configured.look_at_settings(settings, problems))


def test_good_settings_are_fine():
    assert marks(settled(GOOD)) == "f"


def test_every_missing_variable_is_named():
    missing = [finding.text for finding in settled(Settings())]

    assert missing == [
        f"没有设置 {name}" for name in ("WECHAT_APPID", "WECHAT_APPSECRET", "WECHAT_TOKEN", "WECHAT_AES_KEY")
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"token": "weixin"}, "Token 太容易猜"),
        ({"mode": "plain"}, "明文模式"),
        ({"mode": "compatible"}, "兼容模式"),
        ({"aes_key_previous": KEY[:-1] + "D"}, "同一把"),
        ({"appsecret": "too-short-secret"}, "不像 32 位"),
    ],
)
def test_what_works_but_is_not_plausible_is_a_doubt(change, words):
    (finding,) = settled(replace(GOOD, **change))

    assert finding.mark == "doubt"
    assert words in finding.text


def test_the_clock_of_rehearsals_is_a_fault_with_a_real_account():
    assert marks(settled(replace(GOOD, clock="wechat"))) == "x"
    assert marks(settled(replace(GOOD, clock="wechat", api_base="http://127.0.0.1:1"))) == "f"


NAMES = set(re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', Path(settings.__file__).read_text(encoding="utf-8")))


def test_every_variable_that_can_be_wrong_is_told_in_chinese():
    with pytest.raises(SettingsError) as refused:
        load_settings(dict.fromkeys(NAMES, "!"))

    told = {finding.text: finding.cure for finding in configured.broken(refused.value.problems)}

    assert told == {f"环境变量 {name} 不能用": f"{name} {configured.EXPECTED[name]}" for name in NAMES}
    assert configured.EXPECTED.keys() == NAMES


def test_a_secret_whose_file_cannot_be_read_is_told_so(tmp_path):
    with pytest.raises(SettingsError) as refused:
        load_settings({"WECHAT_TOKEN_FILE": str(tmp_path / "gone")})

    (finding,) = configured.broken(refused.value.problems)

    assert "WECHAT_TOKEN_FILE" in finding.cure


def test_a_secret_that_is_set_twice_has_to_go_once(tmp_path):
    with pytest.raises(SettingsError) as refused:
        load_settings({"WECHAT_TOKEN": "aRandomToken0001", "WECHAT_TOKEN_FILE": str(tmp_path / "token")})

    (finding,) = configured.broken(refused.value.problems)

    assert finding.cure == "WECHAT_TOKEN 和 WECHAT_TOKEN_FILE 只留一个"


def test_a_page_without_its_key_is_a_fault_since_no_process_starts():
    (finding,) = settled(replace(GOOD, public_url="https://bot.example.com"))

    assert finding.mark == "fault"
    assert "openssl rand -hex 32" in finding.cure
    assert marks(settled(replace(GOOD, public_url="https://bot.example.com", secret_key="k" * 64))) == "f"


@pytest.mark.parametrize(
    ("type", "expected"), [("认证服务号", "f"), ("测试号", "f"), ("认证订阅号", "d"), ("未认证", "d")]
)
def test_a_page_that_wechat_lets_nobody_into_is_a_doubt(type, expected):
    script = Script(account_type=AccountType(type))

    assert marks(found(lambda: deployment.look_at_page(script, "https://bot.example.com/my"))) == expected


def test_a_media_store_is_tried_and_left_as_it_was(tmp_path):
    shelf = MediaFiles(str(tmp_path))

    assert marks(found(lambda: deployment.look_at_media("/srv/media", shelf))) == "f"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("address", ["nosuch://bucket", "file:///dev/null/media"])
def test_a_media_store_that_takes_nothing_is_a_fault_with_its_cure(address):
    (finding,) = found(lambda: deployment.look_at_media(address, MediaFiles(f"{address}/wx01")))

    assert finding.mark == "fault"
    assert "WXBOT_MEDIA" in finding.cure


def test_media_in_the_data_folder_need_no_look_of_their_own():
    (finding,) = found(lambda: deployment.look_at_media("", MediaFiles("nosuch://bucket")))

    assert finding == fine("在数据文件夹里")


def test_a_good_store_is_fine(redis_url, appid):
    probe = RedisProbe(connect(redis_url), appid)

    assert marks(found(lambda: store.look_at_redis(probe, lambda: probe.state().now))) == "f"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"version": (6, 2)}, "x"),
        ({"is_replica": True}, "x"),
        ({"append_only": False}, "x"),
        ({"append_only": None}, "d"),
        ({"writes": False}, "x"),
        ({"policy": "allkeys-lru"}, "x"),
        ({"used": 85, "limit": 100}, "d"),
        ({"used": 99, "limit": 100}, "x"),
        ({"answer_s": 0.1}, "d"),
        ({"now": 1100.0}, "d"),
    ],
)
def test_a_store_that_would_lose_or_refuse_something_is_told(change, expected):
    probe = Probe(replace(STATE, **change))

    assert marks(found(lambda: store.look_at_redis(probe, lambda: NOW))) == expected


@pytest.mark.parametrize(
    ("workers", "backlog", "expected"),
    [
        (["w"], Backlog(3, 1, 0, 0), "f"),
        ([], IDLE, "x"),
        (["w"], Backlog(500, 30, 0, 0), "d"),
        (["w"], Backlog(2, 90, 0, 0), "d"),
        (["w"], Backlog(2, 0, 5, 0), "d"),
        ([], Backlog(9, 3600, 0, 0), "xx"),
    ],
)
def test_work_that_waits_is_told(workers, backlog, expected):
    probe = Probe(backlog=backlog)

    assert marks(found(lambda: store.look_at_work(probe, Workers(*workers), lambda: NOW))) == expected


def test_the_backlog_is_counted_in_the_real_queue(redis_url, appid):
    link = connect(redis_url)
    queue, probe = RedisQueue(link, appid), RedisProbe(link, appid)
    for number in range(3):
        queue.set_timer(Timer(f"t{number}", 100, Job(f"j{number}", LearnTags("u"))))

    assert probe.backlog(now=150).late == 0
    assert probe.backlog(now=200).late == 3
    queue.claim("w", limit=1, block_s=0)
    assert probe.backlog(now=200).jobs == 3


def test_a_folder_that_can_be_written_is_fine_and_stays_empty(tmp_path):
    assert marks(found(lambda: deployment.look_at_folder(tmp_path, LocalHost()))) == "f"
    assert marks(found(lambda: deployment.look_at_folder(tmp_path / "to" / "come", LocalHost()))) == "f"
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_a_fault(tmp_path):
    (tmp_path / "data").write_text("")

    assert marks(found(lambda: deployment.look_at_folder(tmp_path / "data", LocalHost()))) == "x"


def test_a_folder_that_others_may_write_is_a_doubt(tmp_path):
    tmp_path.chmod(0o777)

    assert marks(found(lambda: deployment.look_at_folder(tmp_path, LocalHost()))) == "d"


@pytest.mark.parametrize(("free", "mark"), [(10 << 30, "f"), (500 << 20, "d"), (1 << 20, "x")])
def test_a_disk_that_fills_up_is_told(free, mark):
    class Disk:
        def folder(self, path: Path) -> FolderState:
            return FolderState(True, "", False, free)

    assert marks(found(lambda: deployment.look_at_folder(Path("data"), Disk()))) == mark


def noticed(script: Script, *, send_test: bool = False, **posts):
    return found(lambda: deployment.look_at_notices(script, Channels(posts), send_test=send_test))


def dumb(title: str, text: str, id: str) -> None:
    raise NoticeError("企业微信的机器人拒绝了，错误码 93000", retryable=False)


def test_staff_who_hear_of_nothing_are_told():
    assert marks(noticed(Script())) == "d"
    assert marks(noticed(Script(notices={"ticket": ("feishu",)}), wecom=dumb)) == "xf"


def test_a_test_card_goes_out_only_where_it_is_asked_for():
    sent = []

    noticed(Script(), wecom=lambda *card: sent.append(card))
    assert sent == []
    tried = noticed(Script(), send_test=True, wecom=lambda *card: sent.append(card), feishu=dumb)

    assert len(sent) == 1
    assert marks(tried) == "fx"
    assert "93000" in tried[1].text


def locked_out() -> None:
    raise SpareWayFailed("连不上邮件服务器，或登录不了（SMTPAuthenticationError）")


@pytest.mark.parametrize(
    ("ways", "log_in", "texts", "expected"),
    [
        (SpareWays(), None, False, "f"),
        (SpareWays(email=True), lambda: None, False, "f"),
        (SpareWays(email=True, sms=True), None, False, "xx"),
        (SpareWays(email=True, sms=True), locked_out, True, "x"),
    ],
)
def test_spare_ways_have_to_be_configured_and_to_let_us_in(ways, log_in, texts, expected):
    script = Script(spare_ways=ways)

    assert marks(found(lambda: deployment.look_at_spare_ways(script, log_in, texts=texts))) == expected
