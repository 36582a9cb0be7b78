"""The models that can be pretended: where they listen, and which recorded answer belongs to which request."""

from __future__ import annotations

from typing import NamedTuple

RPC_PORT = 4028
WEB_PORT = 80

_ANTMINER_PAGES = (
    "get_system_info",
    "get_network_info",
    "get_miner_conf",
    "get_blink_status",
    "miner_type",
    "stats",
    "summary",
)


class Model(NamedTuple):
    """`pages`: names of recorded answers by method and path; `root`: what `GET /` shows.

    `realm`: of the digest login that the web asks for, "" where it asks for none. `refusal`: what a
    command is answered that is not known.
    """

    folder: str
    ports: tuple[int, ...]
    pages: dict[str, str]
    root: str = ""
    realm: str = ""
    refusal: bytes = b""


MODELS: dict[str, Model] = {
    "antminer": Model(
        "antminer_s19pro",
        (RPC_PORT, WEB_PORT),
        {f"GET /cgi-bin/{page}.cgi": page for page in _ANTMINER_PAGES},
        realm="antMiner Configuration",
        refusal=b'{"STATUS":[{"STATUS":"E","When":1755615295,"Code":14,"Msg":"Invalid command",'
        b'"Description":"cgminer 1.0.0"}],"id":1}',
    ),
    "whatsminer": Model(
        "whatsminer_m50s",
        (RPC_PORT,),
        {},
        refusal=b'{"STATUS":"E","When":1773871985,"Code":14,"Msg":"invalid cmd","Description":""}',
    ),
    "bitaxe": Model(
        "bitaxe_gamma",
        (WEB_PORT,),
        {"GET /api/system/info": "system_info", "GET /api/system/asic": "system_asic"},
        root="<!doctype html><title>AxeOS</title>",
    ),
    "iceriver": Model(
        "iceriver_ks5l",
        (WEB_PORT,),
        {"POST /user/userpanel": "userpanel_post4"},
        root="<!doctype html><title>Miner</title>",
    ),
}
