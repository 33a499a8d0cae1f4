"""All checks at once, each on its own."""

import threading

from wxbot.errors import StoreUnavailable
from wxbot.service.doctor.finding import doubt, fault, fine
from wxbot.service.doctor.rounds import Check, examine


def crash():
    yield fine("一半")
    raise KeyError("surprise")


def away():
    raise StoreUnavailable("away")


def test_reports_keep_the_order_of_the_checks():
    slow = threading.Event()
    checks = [
        Check("慢", lambda: [fine("好")] if slow.wait(5) else []),
        Check("快", lambda: slow.set() or [fine("好")]),
    ]

    assert [report.name for report in examine(checks)] == ["慢", "快"]


def test_a_check_that_crashes_keeps_what_it_found_and_stops_no_other():
    crashed, after = examine([Check("甲", crash), Check("乙", lambda: [fine("好")])])

    assert [finding.mark for finding in crashed.findings] == ["fine", "fault"]
    assert "KeyError" in crashed.findings[1].text
    assert after.findings == (fine("好"),)


def test_a_store_that_is_away_is_a_fault_with_a_cure():
    (report,) = examine([Check("甲", away)])

    assert report.is_faulty
    assert "REDIS_URL" in report.findings[0].cure


def test_a_check_that_hangs_is_given_up():
    forever = threading.Event()

    hung, other = examine([Check("甲", forever.wait), Check("乙", lambda: [fine("好")])], within_s=0.2)

    assert hung.is_faulty
    assert not other.is_faulty
    forever.set()


def test_a_check_is_left_out_where_the_one_it_rests_on_found_a_fault():
    asked = []
    checks = [Check("密钥", lambda: [fault("错", "改")]), Check("菜单", lambda: asked.append(1) or [], after="密钥")]

    left_out = list(examine(checks))[1]

    assert asked == []
    assert left_out.findings == (doubt("没有检查", "先解决「密钥」，再检查一次"),)
