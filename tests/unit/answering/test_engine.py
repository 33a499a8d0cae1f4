"""What the engine finds, by ability, in the knowledge base of a bicycle rental that does not exist."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wxbot.answering.entry import Entry
from wxbot.answering.search import Engine, build

ENTRIES = (
    Entry("unlock", "怎么扫码开锁", ("扫了码车锁打不开", "怎样解锁单车")),
    Entry("return", "在哪里还车", ("还车要停到什么地方", "骑完了怎么还车")),
    Entry("deposit", "押金怎么退", ("我要退押金", "押金多久退回来")),
    Entry("fee", "骑一次多少钱", ("骑行怎么收费", "半小时几块钱")),
    Entry("pass", "月卡怎么购买", ("骑行月卡在哪里买", "月卡多少钱")),
    Entry("pass-refund", "月卡买错了能退吗", ("不想要月卡了怎么退",)),
    Entry("broken", "车坏了怎么报修", ("链条掉了", "刹车失灵在哪里上报")),
    Entry("lost", "东西落在车筐里了", ("骑车丢了东西怎么找回",)),
    Entry("phone", "怎么更换绑定的手机号", ("旧手机号不用了怎么改",)),
    Entry("realname", "实名认证不通过怎么办", ("身份证认证失败",)),
    Entry("fine", "为什么扣了我调度费", ("停到禁停区被罚款了",)),
    Entry("invoice", "骑行发票怎么开", keywords=("开票", "报销")),
    Entry("student", "学生有优惠吗", ("学生认证怎么申请",)),
    Entry("child", "小孩可以骑吗", ("未成年人能不能租车",)),
    Entry("insurance", "摔伤了有保险赔吗", ("骑车出了事故怎么理赔",)),
    Entry("close", "怎么注销账号", ("我不用了想删除账户",)),
    Entry("app", "app闪退怎么解决", ("软件一打开就退出",)),
    Entry("version", "怎么升级到3.0版", exact=("3.0",)),
    Entry("vip", "超级骑士有什么权益", ("怎么成为超级骑士",)),
    Entry("hello", "你好", ("您好呀", "早上好", "哈喽"), smalltalk=True),
    Entry("thanks", "谢谢你", ("太感谢了", "谢谢帮忙"), smalltalk=True),
    Entry("abuse", "你真笨", ("什么破机器人", "你怎么这么傻"), smalltalk=True),
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return build(ENTRIES, vocabulary=("超级骑士",), synonyms=(("超级骑士", "SVIP", "黑金用户"),))


def first(engine: Engine, text: str) -> str | None:
    candidates = engine.find(text).candidates
    return candidates[0].id if candidates else None


@pytest.mark.parametrize(
    ("ability", "text", "id"),
    [
        ("width and case", "ＡＰＰ闪退了，怎么解决？", "app"),
        ("traditional characters", "請問押金怎麼退", "deposit"),
        ("traditional characters", "實名認證不通過", "realname"),
        ("politeness", "你好请问一下在哪里还车呀谢谢", "return"),
        ("a wrong character", "押金怎么腿", "deposit"),
        ("a wrong character", "实名认正不通过", "realname"),
        ("homophones", "月咔怎么够买", "pass"),
        ("homophones", "怎么注消帐号", "close"),
        ("a missing character", "怎么扫开锁", "unlock"),
        ("word order", "扫码开锁怎么弄", "unlock"),
        ("general synonyms", "如何更改手机号", "phone"),
        ("general synonyms", "咋样注销账户", "close"),
        ("operators' synonyms", "SVIP有什么权益", "vip"),
        ("operators' synonyms", "怎么成为黑金用户", "vip"),
        ("what sets entries apart", "月卡能退吗", "pass-refund"),
        ("what sets entries apart", "学生押金怎么退", "deposit"),
        ("versions", "怎么升级3.0", "version"),
        ("a keyword", "出差骑车公司能报销不", "invoice"),
    ],
)
def test_the_right_entry_comes_first(engine, ability, text, id):
    assert first(engine, text) == id


@pytest.mark.parametrize("text", ["怎么退押金呀", "请问月卡在哪买", "骑行是怎么收费的", "我的车坏了要报修"])
def test_a_question_in_other_words_is_answered(engine, text):
    assert engine.find(text).outcome == "answer"


@pytest.mark.parametrize(
    "text", ["红烧排骨怎么做", "北京大学怎么样", "怎么开洗车店", "冠心病是什么意思", "周末去哪里爬山好"]
)
def test_a_question_about_something_else_is_not_answered(engine, text):
    assert engine.find(text).outcome != "answer"


@pytest.mark.parametrize(("text", "id"), [("3.0", "version"), ("３.０！", "version"), ("押金怎么退?", "deposit")])
def test_what_is_written_in_an_entry_gets_it_for_certain(engine, text, id):
    verdict = engine.find(text)

    assert (verdict.outcome, verdict.ids, verdict.confidence) == ("answer", (id,), 1.0)


def test_exact_goes_before_the_phrasing_of_another_entry():
    engine = build([Entry("a", "人工"), Entry("b", "联系客服", exact=("人工",))])

    assert engine.find("人工").ids == ("b",)


@pytest.mark.parametrize(
    ("text", "id"), [("早上好呀", "hello"), ("谢谢你帮忙", "thanks"), ("你这个机器人怎么这么傻", "abuse")]
)
def test_small_talk_is_answered_as_such(engine, text, id):
    assert engine.find(text).ids == (id,)


@pytest.mark.parametrize("text", ["你好怎么还车", "谢谢，押金多久退", "你好今天能不能骑到机场"])
def test_small_talk_is_neither_given_nor_offered_for_a_question_of_business(engine, text):
    small_talk = {entry.id for entry in ENTRIES if entry.smalltalk}

    assert small_talk.isdisjoint(engine.find(text).ids)


def test_an_unsure_engine_offers_three_entries_at_most(engine):
    verdict = engine.find("骑车")

    assert verdict.outcome == "suggest"
    assert 1 <= len(verdict.ids) <= 3
    assert verdict.ids == tuple(candidate.id for candidate in verdict.candidates[: len(verdict.ids)])


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "。。。？！", "\x00\x1b[2J", "\ud800"])
def test_a_text_without_words_gets_nothing(engine, text):
    verdict = engine.find(text)

    assert (verdict.outcome, verdict.ids, verdict.confidence) == ("none", (), 0.0)


@pytest.mark.parametrize(
    "text", ["押金" * 5_000, "x" * 10_000, "' OR 1=1; DROP TABLE users --", "0" * 3_000, "ﷺ" * 3_000]
)
def test_an_odd_text_gets_a_verdict(engine, text):
    assert engine.find(text).outcome in ("answer", "suggest", "none")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.text("怎么退押金还车月卡学生3.0 ?!+\n", max_size=60))
def test_every_verdict_holds_together(engine, text):
    verdict = engine.find(text)

    assert 0.0 <= verdict.confidence <= 1.0
    assert len(verdict.candidates) <= 10
    assert len(verdict.ids) == 1 if verdict.outcome == "answer" else len(verdict.ids) <= 3
    assert (verdict.outcome == "none") == (not verdict.ids)
    assert verdict == engine.find(text)


def test_an_engine_without_entries_finds_nothing():
    assert build([]).find("怎么还车").outcome == "none"


def test_an_entry_without_a_single_letter_does_not_get_in_the_way():
    engine = build([Entry("signs", "？！", ("😀",)), Entry("return", "在哪里还车")])

    assert engine.find("在哪里还车").ids == ("return",)


def test_entries_may_all_be_small_talk():
    assert build([entry for entry in ENTRIES if entry.smalltalk]).find("谢谢你呀").ids == ("thanks",)


def test_the_explanation_tells_words_folds_strangers_and_rivals(engine):
    explanation = engine.explain("咋退榴莲月卡")

    assert explanation.folds["咋"] == "怎么"
    assert explanation.unseen == ("榴莲",)
    assert explanation.rivals[0].id == first(engine, "咋退榴莲月卡")
    assert explanation.verdict == engine.find("咋退榴莲月卡")


def test_a_keyword_brings_in_an_entry_that_shares_nothing_else():
    engine = build([*ENTRIES, Entry("bulk", "团体用车", keywords=("年会",))])

    assert "bulk" in [candidate.id for candidate in engine.find("公司年会想给大家安排骑行").candidates]


def test_a_phrasing_longer_than_what_is_looked_at_is_found_as_written():
    long = "车" + "坏了" * 80

    assert build([Entry("broken", long)]).find(long).confidence == 1.0
