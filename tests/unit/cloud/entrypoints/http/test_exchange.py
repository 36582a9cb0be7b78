"""What a handler may ask of a request."""

from __future__ import annotations

import pytest

from cloud.entrypoints.http.exchange import Request, require_type
from wire.faults import Fault
from wire.people import Credentials


def _request(
    body: bytes = b"", content_type: str | None = "application/json", limit: str | None = None
) -> Request:
    headers = {} if content_type is None else {"content-type": content_type}
    return Request("POST", headers, {}, {} if limit is None else {"limit": limit}, body)


@pytest.mark.parametrize("sent", ["application/json", "Application/JSON", "application/json; charset=utf-8"])
def test_content_type_is_read_without_case_and_parameters(sent: str) -> None:
    assert require_type(_request(content_type=sent), "application/json") == "application/json"


@pytest.mark.parametrize("sent", [None, "", "text/plain", "application/jsonx", ";application/json"])
def test_other_content_types_are_refused(sent: str | None) -> None:
    with pytest.raises(Fault) as caught:
        _request(b"{}", sent).json(Credentials)
    assert (caught.value.code, caught.value.status) == ("unsupported_media_type", 415)


def test_body_is_read_as_a_message() -> None:
    body = b'{"email":"a@b.test","password":"x","more":1}'
    assert _request(body).json(Credentials) == Credentials("a@b.test", "x")


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b"", "bad_json", 400),
        (b"{", "bad_json", 400),
        (b"\xff\xfe", "bad_json", 400),
        (b"[]", "bad_message", 422),
        (b'{"email":1,"password":"x"}', "bad_message", 422),
        (b'{"email":"' + b"x" * 321 + b'","password":"x"}', "bad_message", 422),
    ],
)
def test_bodies_that_are_no_message(body: bytes, code: str, status: int) -> None:
    with pytest.raises(Fault) as caught:
        _request(body).json(Credentials)
    assert (caught.value.code, caught.value.status) == (code, status)


@pytest.mark.parametrize(("text", "number"), [(None, 7), ("1", 1), ("500", 500), ("0042", 42)])
def test_whole_number(text: str | None, number: int) -> None:
    assert _request(limit=text).whole_number("limit", 7, 500) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "501",
        "-1",
        "+1",
        "1.0",
        "1e2",
        " 1",
        "x",
        "٣",
        "9" * 400,
        "0000000001" + "9" * 9,
        "0000000001" + "0" * 5000,
    ],
    ids=lambda text: text[:24],
)
def test_no_whole_number_within_bounds(text: str) -> None:
    with pytest.raises(Fault) as caught:
        _request(limit=text).whole_number("limit", 7, 500)
    assert (caught.value.code, caught.value.field, caught.value.status) == ("bad_query", "limit", 422)
