"""The computer of a company that answers for its customers, so that account binding can be rehearsed."""

import re

from flask import Blueprint, Response, jsonify, request

TIERS = {"1": "企业版", "2": "会员"}
"""By the last digit of the phone number; with any other the number is nobody's."""


def company() -> Blueprint:
    routes = Blueprint("company", __name__)

    @routes.post("/company/accounts")
    def find_account() -> Response:
        """As docs/operators.md states for `BINDING_HOOK_URL`."""
        values = (request.get_json(silent=True) or {}).get("values") or {}
        phone = next((text for text in map(str, values.values()) if re.fullmatch(r"1\d{10}", text)), "")
        tier = TIERS.get(phone[-1:])
        if tier is None:
            return jsonify(bound=False, reason="没有用这个手机号注册的账号。排练时，尾号 1 是企业版，尾号 2 是会员。")
        return jsonify(bound=True, tier=tier)

    return routes
