"""The agents' part of the API, with every error code of protocol 4.3 that a call can meet."""

import pytest

from wxbot.sandbox import bubbles

ACCOUNT, SESSION = "customservice/kfaccount", "customservice/kfsession"
USER = "oZx81uKq3bT0dVn5LrYp7mWc2HsE"


@pytest.fixture(autouse=True)
def people(platform):
    """kf1 is online, kf2 offline, kf3 not bound, kf4 invited; the user is served by nobody."""
    platform.user_wrote(USER)
    platform.agents.hire("kf1@shop")
    platform.agents.hire("kf2@shop", online=False)
    for account in ("kf3@shop", "kf4@shop"):
        platform.agents.add({"kf_account": account, "nickname": "客服"})
    platform.agents.invite({"kf_account": "kf4@shop", "invite_wx": "wx_zhang"})


def kf(account, **more):
    return {"kf_account": account, **more}


ACCOUNTS = {
    "a new agent": ("add", kf("kf9@shop", nickname="小美"), 0),
    "a nickname of 16 characters": ("add", kf("kf9@shop", nickname="美" * 16), 0),
    "one that exists": ("add", kf("kf1@shop", nickname="小美"), 65406),
    "another account's": ("add", kf("kf9@other", nickname="小美"), 65404),
    "no suffix": ("add", kf("kf9", nickname="小美"), 65404),
    "a prefix of 11 characters": ("add", kf("kf123456789@shop", nickname="小美"), 65404),
    "no nickname": ("add", kf("kf9@shop"), 65403),
    "a nickname of 17 characters": ("add", kf("kf9@shop", nickname="美" * 17), 65403),
    "a new nickname": ("update", kf("kf1@shop", nickname="小刚"), 0),
    "a new nickname of nobody": ("update", kf("kf9@shop", nickname="小刚"), 65401),
    "an invitation": ("inviteworker", kf("kf3@shop", invite_wx="wx_li_lei"), 0),
    "an invitation to a bad id": ("inviteworker", kf("kf3@shop", invite_wx="李雷"), 65409),
    "an invitation of a bound agent": ("inviteworker", kf("kf1@shop", invite_wx="wx_li_lei"), 65412),
    "an invitation to an agent": ("inviteworker", kf("kf3@shop", invite_wx="wxid_1001"), 65407),
    "the same invitation again": ("inviteworker", kf("kf4@shop", invite_wx="wx_zhang"), 65408),
    "a second invitation": ("inviteworker", kf("kf4@shop", invite_wx="wx_li_lei"), 65411),
    "an invitation of nobody": ("inviteworker", kf("kf9@shop", invite_wx="wx_li_lei"), 65401),
}


@pytest.mark.parametrize(("action", "body", "code"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_kf_accounts_are_kept_by_the_book(call, action, body, code):
    assert call(f"{ACCOUNT}/{action}", body)["errcode"] == code


def test_a_hundred_agents_are_the_most(call, platform):
    for number in range(96):
        platform.agents.add(kf(f"n{number}@shop", nickname="客服"))

    assert call(f"{ACCOUNT}/add", kf("kf9@shop", nickname="小美"))["errcode"] == 65405


def test_a_deleted_agent_is_gone(call):
    codes = [call(f"{ACCOUNT}/del", kf_account="kf1@shop")["errcode"] for _ in range(2)]

    assert codes == [0, 65401]


def test_the_list_tells_who_is_bound_and_who_is_invited(call, clock):
    listed = {one["kf_account"]: one for one in call("cgi-bin/customservice/getkflist")["kf_list"]}
    clock.pass_s(86400)
    later = call("cgi-bin/customservice/getkflist")["kf_list"][-1]

    assert listed["kf1@shop"]["kf_wx"] == "wxid_1001"
    assert "kf_wx" not in listed["kf3@shop"]
    assert (listed["kf4@shop"]["invite_status"], later["invite_status"]) == ("waiting", "expired")


SESSIONS = {
    "a session": ("create", kf("kf1@shop", openid=USER), 0),
    "an agent who is offline": ("create", kf("kf2@shop", openid=USER), 65415),
    "an agent who is not bound": ("create", kf("kf3@shop", openid=USER), 65402),
    "an agent nobody knows": ("create", kf("kf9@shop", openid=USER), 65401),
    "a user nobody knows": ("create", kf("kf1@shop", openid="stranger"), 40003),
    "an end without a session": ("close", kf("kf1@shop", openid=USER), 65413),
    "an end by an agent nobody knows": ("close", kf("kf9@shop", openid=USER), 65401),
}


@pytest.mark.parametrize(("action", "body", "code"), SESSIONS.values(), ids=SESSIONS)
def test_sessions_are_kept_by_the_book(call, action, body, code):
    assert call(f"{SESSION}/{action}", body)["errcode"] == code


def test_a_session_is_one_agents(call, platform):
    platform.agents.hire("kf5@shop")
    call(f"{SESSION}/create", kf("kf1@shop", openid=USER))

    again = call(f"{SESSION}/create", kf("kf1@shop", openid=USER))
    others = [call(f"{SESSION}/{action}", kf("kf5@shop", openid=USER)) for action in ("create", "close")]

    assert [answer["errcode"] for answer in (again, *others)] == [0, 65414, 65414]


def test_a_session_made_by_api_asks_neither_for_room_nor_for_auto_accept(call, platform):
    platform.agents.known["kf1@shop"].limit = 0

    call(f"{SESSION}/create", kf("kf1@shop", openid=USER))

    listed = call(f"{SESSION}/getsessionlist", kf_account="kf1@shop")["sessionlist"]
    assert [session["openid"] for session in listed] == [USER]


def test_of_more_than_a_hundred_who_wait_the_first_hundred_are_told(call, platform, clock):
    for number in range(101):
        clock.pass_s(1)
        platform.desk.queue(f"user{number}")

    told = call(f"{SESSION}/getwaitcase")

    assert (told["count"], len(told["waitcaselist"]), told["waitcaselist"][0]["openid"]) == (101, 100, "user0")


RECORDS = "customservice/msgrecord/getmsglist"


def window(clock, **more):
    now = int(clock())
    return {"starttime": now - 60, "endtime": now + 60, "msgid": 1, "number": 10, **more}


BAD_RECORDS = {
    "no number": ({"number": None}, 65416),
    "too many at once": ({"number": 10_001}, 65416),
    "the end before the beginning": ({"starttime": 2, "endtime": 1}, 65416),
    "a msgid of 0": ({"msgid": 0}, 65416),
    "more than a day": ({"starttime": 0, "endtime": 86_401}, 65417),
}


@pytest.mark.parametrize(("change", "code"), BAD_RECORDS.values(), ids=BAD_RECORDS)
def test_a_wrong_question_for_records_is_refused(call, clock, change, code):
    assert call(RECORDS, window(clock, **change))["errcode"] == code


def test_records_are_read_page_by_page(call, platform, clock):
    for number in range(3):
        platform.world.records.note(USER, 2002, bubbles.text(str(number)), "kf1@shop")

    first = call(RECORDS, window(clock, number=2))
    second = call(RECORDS, window(clock, number=2, msgid=first["msgid"]))

    assert [record["text"] for record in first["recordlist"]] == ["0", "1"]
    assert ([record["text"] for record in second["recordlist"]], second["number"]) == (["2"], 1)


def test_a_message_may_go_out_in_the_name_of_an_agent_who_exists(call, platform):
    body = {"touser": USER, "msgtype": "text", "text": {"content": "您好"}}

    codes = [
        call("cgi-bin/message/custom/send", {**body, "customservice": kf(account)})["errcode"]
        for account in ("kf1@shop", "kf9@shop")
    ]

    assert codes == [0, 65401]
    assert platform.world.chats.since(USER, 0)[-1].agent == "kf1@shop"
    assert [record.worker for record in platform.world.records.known] == ["kf1@shop"]
