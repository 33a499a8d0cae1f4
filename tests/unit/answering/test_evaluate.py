"""Questions with known answers, counted."""

from wxbot.answering.evaluate import Confusion, Counts, Judged, Labelled, Report, judge, measure
from wxbot.answering.verdict import Candidate, Verdict

THRESHOLD = 0.6


def judged(text: str, gold: str, *ranked: tuple[str, float]) -> Judged:
    """gold: one id, '' for out of scope. ranked: what an engine with this threshold found."""
    candidates = tuple(Candidate(*one) for one in ranked)
    ids = tuple(candidate.id for candidate in candidates[:3])
    confidence = candidates[0].score if candidates else 0.0
    if confidence >= THRESHOLD:
        verdict = Verdict("answer", ids[:1], confidence, candidates)
    else:
        verdict = Verdict("suggest" if ids else "none", ids, confidence, candidates)
    return Judged(Labelled(text, (gold,) if gold else ()), verdict)


JUDGED = [
    judged("对", "a", ("a", 0.9)),
    judged("错", "a", ("b", 0.8), ("a", 0.7)),
    judged("建议", "a", ("b", 0.5), ("c", 0.4), ("a", 0.3)),
    judged("漏", "a", ("c", 0.32)),
    judged("空", "a"),
    judged("外", "", ("a", 0.65)),
    judged("外安静", "", ("b", 0.2)),
]


def at(report: Report, threshold: float) -> Counts:
    return next(counts for counts in report.sweep if counts.threshold == threshold)


def test_every_question_in_scope_is_right_wrong_suggested_or_missed() -> None:
    report = measure(JUDGED)

    assert (report.inside, report.outside) == (5, 2)
    assert (report.shipped.right, report.shipped.wrong, report.suggested, report.missed) == (1, 1, 1, 2)
    assert report.shipped.leak == 1


def test_ranking_is_measured_apart_from_confidence() -> None:
    report = measure(JUDGED)

    assert (report.top1, report.first3) == (1, 3)


def test_the_sweep_tells_what_another_threshold_would_do() -> None:
    report = measure(JUDGED)

    assert at(report, 0.3) == Counts(0.3, right=1, wrong=3, leak=1)
    assert at(report, 0.7) == Counts(0.7, right=1, wrong=1, leak=0)
    assert at(report, 0.95) == Counts(0.95, right=0, wrong=0, leak=0)


def test_the_shipped_threshold_is_the_lowest_confidence_that_was_answered() -> None:
    assert measure(JUDGED).shipped.threshold == 0.65
    assert measure([]).shipped == Counts(1.0, 0, 0, 0)


def test_confusions_are_pairs_with_the_most_frequent_first() -> None:
    report = measure([*JUDGED, judged("又错", "a", ("b", 0.4))])

    assert report.confusions[0] == Confusion("a", "b", 3, "错")
    assert report.confusions[-1] == Confusion("a", "", 1, "空")


def test_what_misleads_most_surely_comes_first() -> None:
    assert [one.labelled.text for one in measure(JUDGED).misleading] == ["错", "外"]


def test_any_of_several_right_answers_will_do() -> None:
    verdict = Verdict("answer", ("b",), 0.9, (Candidate("b", 0.9),))

    (one,) = judge(lambda text: verdict, [Labelled("钱", ("a", "b"))])

    assert one.right
    assert one.ranked_right
