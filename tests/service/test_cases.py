"""Cases and replays over a real dialogue; the engine knows its verdicts by heart."""

from dataclasses import dataclass, field

import pytest

from tests.factories import a_script
from wxbot.answering.verdict import NOTHING, Candidate, Verdict
from wxbot.domain.case import Case
from wxbot.domain.turn import Question
from wxbot.service.cases import run
from wxbot.service.content import Live
from wxbot.service.hearing import Heard, hear
from wxbot.service.replay import Change, replay


@dataclass
class KnownVerdicts:
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def find(self, text: str) -> Verdict:
        return self.verdicts.get(text, NOTHING)


def answer(id: str, confidence: float = 0.9) -> Verdict:
    return Verdict("answer", (id,), confidence, (Candidate(id, confidence),))


def suggest(*ids: str) -> Verdict:
    return Verdict("suggest", ids, 0.4, tuple(Candidate(id, 0.4) for id in ids))


def a_live(**verdicts: Verdict) -> Live:
    known = {"退钱": answer("refund"), "票": suggest("invoice", "refund"), "您好": answer("hello"), **verdicts}
    return Live(a_script(), KnownVerdicts(known))  # type: ignore[arg-type]


def a_live_that_refunds() -> Live:
    """Whatever is asked."""

    class AlwaysRefund:
        def find(self, text: str) -> Verdict:
            return answer("refund")

    return Live(a_script(), AlwaysRefund())  # type: ignore[arg-type]


def failure(ask: str, *expect: str, suggest_ok: bool = False) -> str | None:
    (result,) = run(a_live(), [Case(ask, expect, suggest_ok)])
    return result.failure


class TestHearing:
    @pytest.mark.parametrize(
        ("text", "heard"),
        [
            ("退钱", Heard("answer", ("refund",), 0.9)),
            ("您好", Heard("answer", ("hello",), 0.9)),
            ("票", Heard("suggest", ("invoice", "refund"), 0.4)),
            ("天书", Heard("none", (), 0.0)),
            ("转人工", Heard("human")),
            ("电话", Heard("phones")),
            ("分类", Heard("browse")),
            ("订单", Heard("browse")),
            ("😀", Heard("none")),
            ("", Heard("none")),
        ],
    )
    def test_a_text_goes_the_way_of_a_followers_message(self, text, heard) -> None:
        assert hear(a_live(), text) == heard

    def test_small_talk_is_never_heard_as_a_suggestion(self) -> None:
        live = a_live(哈=suggest("hello"), 哈票=suggest("hello", "invoice"))

        assert hear(live, "哈").kind == "none"
        assert hear(live, "哈票").ids == ("invoice",)

    def test_where_there_are_no_agents_asking_for_one_is_understood_all_the_same(self) -> None:
        live = Live(a_script(agents=False), KnownVerdicts())  # type: ignore[arg-type]

        assert hear(live, "转人工").kind == "human"


class TestCases:
    def test_a_right_answer_meets_its_case(self) -> None:
        assert failure("退钱", "refund") is None
        assert failure("退钱", "invoice", "refund") is None

    def test_another_answer_is_wrong(self) -> None:
        assert failure("退钱", "invoice") == "wrong"
        assert failure("电话", "refund") == "wrong"

    @pytest.mark.parametrize(
        ("ask", "expected"), [("票", None), ("天书", None), ("退钱", "leaked"), ("电话", "leaked")]
    )
    def test_where_nothing_is_expected_suggestions_are_fine(self, ask, expected) -> None:
        assert failure(ask, "none") == expected

    def test_a_suggestion_meets_a_case_only_where_that_is_enough(self) -> None:
        assert failure("票", "refund") == "offered"
        assert failure("票", "refund", suggest_ok=True) is None
        assert failure("票", "password", suggest_ok=True) == "missed"

    def test_suggestions_may_be_enough_for_all(self) -> None:
        (result,) = run(a_live(), [Case("票", ("invoice",))], suggest_ok=True)

        assert result.failure is None

    def test_silence_is_a_miss(self) -> None:
        assert failure("天书", "refund", suggest_ok=True) == "missed"

    def test_the_rules_before_the_engine_can_be_expected(self) -> None:
        assert failure("转人工", "human") is None
        assert failure("退钱", "human") == "wrong"

    def test_only_failures_come_with_rivals(self) -> None:
        met, failed = run(a_live(), [Case("退钱", ("refund",)), Case("退钱", ("invoice",))])

        assert met.rivals == ()
        assert failed.rivals == (Candidate("refund", 0.9),)


def asked(text: str, outcome: str = "none", id: str = "") -> Question:
    return Question("oSecret", 0, text, outcome, id, 0.5)  # type: ignore[arg-type]


class TestReplay:
    def test_what_is_answered_as_it_was_is_no_change(self) -> None:
        questions = [asked("退钱", "answer", "refund"), asked("票", "suggest", "refund"), asked("天书")]

        replayed = replay(questions, a_live())

        assert (replayed.asked, replayed.changes) == (3, ())

    def test_changes_are_grouped_and_counted_with_the_most_frequent_first(self) -> None:
        questions = [asked("票", "answer", "invoice"), *[asked("退钱")] * 2]

        replayed = replay(questions, a_live())

        assert replayed.changes == (
            Change(Heard("none"), Heard("answer", ("refund",)), 2, (("退钱", 2),)),
            Change(Heard("answer", ("invoice",)), Heard("suggest", ("invoice",)), 1, (("票", 1),)),
        )
        assert replayed.changed == 3

    def test_other_suggestions_are_a_change_and_another_order_is_none(self) -> None:
        assert replay([asked("票", "suggest", "refund")], a_live()).changes == ()
        assert replay([asked("票", "suggest", "password")], a_live()).changed == 1

    @pytest.mark.parametrize(
        "question",
        [
            asked("您好"),
            asked("天书", "answer", "hello"),
            asked("票", "suggest", "hello"),
            asked("票", "suggest"),
            asked("转人工", "answer", "refund"),
        ],
    )
    def test_small_talk_asking_for_a_person_and_what_is_not_on_record_do_not_matter(self, question) -> None:
        assert replay([question], a_live()).changes == ()

    def test_small_talk_in_the_place_of_an_answer_does(self) -> None:
        assert replay([asked("您好", "answer", "refund")], a_live()).changed == 1

    def test_personal_data_is_hidden_in_the_examples(self) -> None:
        (change,) = replay([asked("退到 13800138000"), asked("退到 13900139000")], a_live_that_refunds()).changes

        assert change.examples == (("退到 ＊＊＊", 2),)

    def test_another_content_can_be_compared_with(self) -> None:
        before = a_live(退钱=suggest("refund"))

        (change,) = replay([asked("退钱", "answer", "refund"), asked("票")], a_live(), before).changes

        assert (change.was, change.now) == (Heard("suggest", ("refund",)), Heard("answer", ("refund",)))
        assert change.examples == (("退钱", 1),)
