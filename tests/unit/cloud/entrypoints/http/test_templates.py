"""The address book and the software list over HTTP."""

from __future__ import annotations

import msgspec
import pytest

from tests.fakes.caller import Caller
from tests.fakes.templates import software
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book

POOL = {"name": "Asia", "address": "asia.example:3333", "tls": True, "coin": "OTHER"}
WALLET = {"name": "Bob", "coin": "OTHER", "address": "bobs"}


def test_pools_and_wallets_come_change_and_go(owner: Caller) -> None:
    for path, entry, name in (("/v1/pools", POOL, "pool"), ("/v1/wallets", WALLET, "wallet")):
        made = owner.post(path, entry)
        assert made.status == 201
        assert made.json["entry"] == entry
        place = f"{path}/{made.json[name]}"
        changed = owner.call("PUT", place, body={**entry, "name": "Changed"}, query="pace=at_once")
        assert (changed.status, changed.json["entry"]["name"]) == (200, "Changed")
        assert owner.get("/v1/templates").json[f"{name}s"] == [changed.json]
        assert owner.delete(place).status == 204
        assert owner.delete(place).code == f"{name}_unknown"


def test_a_change_is_previewed(owner: Caller, world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    impact = owner.post(f"/v1/wallets/{ids.wallet}/preview", {**WALLET, "address": "new"}).json
    assert (impact["before"], impact["after"]) == ("an-account", "new")
    assert [use["name"] for use in impact["playbooks"]] == ["Monero"]
    assert (
        owner.post(f"/v1/pools/{ids.pool}/preview", POOL).json["after"]
        == "asia.example:3333, with TLS, OTHER"
    )


def test_what_is_in_use_stays(owner: Caller, world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    for path in (f"/v1/pools/{ids.pool}", f"/v1/wallets/{ids.wallet}"):
        answer = owner.delete(path)
        assert (answer.status, answer.code) == (409, "template_in_use")
        assert "Monero" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("path", "body", "code", "field"),
    [
        ("/v1/pools", {"name": "x"}, "bad_message", ""),
        ("/v1/pools", {**POOL, "address": "a b:1"}, "bad_letter", "address"),
        ("/v1/pools", {**POOL, "password": "%PATH%"}, "bad_letter", "password"),
        ("/v1/pools", {**POOL, "coin": "btc"}, "bad_message", "coin"),
        ("/v1/wallets", {**WALLET, "address": "x; rm"}, "bad_letter", "address"),
        ("/v1/wallets", {**WALLET, "coin": "BTC"}, "bad_address", "address"),
        ("/v1/software", {"program": "../x", "version": "1"}, "bad_message", "program"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(
    owner: Caller, path: str, body: object, code: str, field: str
) -> None:
    answer = owner.post(path, body)
    assert (answer.status, answer.code) == (422, code)
    assert answer.json["error"].get("field", "") == field


def test_an_unknown_pace_is_refused(owner: Caller, world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    answer = owner.call("PUT", f"/v1/pools/{ids.pool}", body=POOL, query="pace=slow")
    assert (answer.status, answer.code) == (422, "bad_query")


def test_own_software_comes_and_goes(owner: Caller) -> None:
    body = msgspec.to_builtins(software())
    listed = owner.post("/v1/software", body)
    assert listed.status == 201
    assert [each["program"] for each in listed.json["software"] if each.get("own")] == ["ownminer"]
    assert owner.post("/v1/software", body).code == "software_known"
    assert owner.get("/v1/software").json == listed.json
    gone = "program=ownminer&version=1"
    assert owner.call("DELETE", "/v1/software", query=gone).status == 204
    assert owner.call("DELETE", "/v1/software", query=gone).code == "software_unknown"


@pytest.mark.parametrize("query", ["", "program=x", "program=x&version=", "program=a/b&version=1"])
def test_software_is_named_to_be_deleted(owner: Caller, query: str) -> None:
    answer = owner.call("DELETE", "/v1/software", query=query)
    assert (answer.status, answer.code) == (422, "bad_query")


def test_software_without_a_digest_is_not_taken(owner: Caller) -> None:
    body = msgspec.to_builtins(software())
    del body["archive"]["sha256"]
    assert owner.post("/v1/software", body).code == "bad_message"
