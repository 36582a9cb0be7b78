"""The table of mining programs: how each is asked, how it is read, and what keeps its API on this rig."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from edge_sentry.miners.normal_form import Figures
from edge_sentry.miners.programs import (
    bzminer,
    ccminer,
    claymore,
    cpuminer,
    gminer,
    lolminer,
    miniz,
    nanominer,
    nbminer,
    onezerominer,
    rigel,
    srbminer,
    t_rex,
    teamblackminer,
    teamredminer,
    wildrig,
    xmrig,
)
from edge_sentry.miners.question import Question, Replies

Read = Callable[[Replies, float], Figures]


class Miner(msgspec.Struct, frozen=True, kw_only=True):
    """One program. `read` gets the replies to `questions` and the epoch second, and may raise Unreadable.

    `api_arguments` open the API on "{port}", with "{token}" where it takes an access token; those in
    `api_settings` are lines of its configuration file instead. `binds_to_loopback` is False where the
    program offers no way to keep the rest of the network out. `default_port` None: closed unless asked.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    read: Read
    default_port: int | None
    binds_to_loopback: bool
    api_arguments: tuple[str, ...] = ()
    api_settings: tuple[str, ...] = ()

    def arguments(self, port: int, token: str | None) -> tuple[str, ...]:
        """The command line's part that opens the API; without a token nothing of one."""
        wanted = [each for each in self.api_arguments if token is not None or "{token}" not in each]
        return tuple(each.format(port=port, token=token) for each in wanted)


_ROWS = (
    Miner(
        name="xmrig",
        title="XMRig",
        questions=xmrig.QUESTIONS,
        read=xmrig.read,
        default_port=None,
        binds_to_loopback=True,
        api_arguments=(
            "--http-enabled",
            "--http-host=127.0.0.1",
            "--http-port={port}",
            "--http-access-token={token}",
        ),
    ),
    Miner(
        name="srbminer-multi",
        title="SRBMiner-MULTI",
        questions=srbminer.QUESTIONS,
        read=srbminer.read,
        default_port=21550,
        binds_to_loopback=False,
        api_arguments=("--api-enable", "--api-port", "{port}"),
    ),
    Miner(
        name="lolminer",
        title="lolMiner",
        questions=lolminer.QUESTIONS,
        read=lolminer.read,
        default_port=None,
        binds_to_loopback=True,
        api_arguments=("--apiport", "{port}", "--apihost", "127.0.0.1"),
    ),
    Miner(
        name="rigel",
        title="Rigel",
        questions=rigel.QUESTIONS,
        read=rigel.read,
        default_port=None,
        binds_to_loopback=True,
        api_arguments=("--api-bind", "127.0.0.1:{port}"),
    ),
    Miner(
        name="bzminer",
        title="BzMiner",
        questions=bzminer.QUESTIONS,
        read=bzminer.read,
        default_port=4014,
        binds_to_loopback=True,
        api_arguments=("--http_address", "127.0.0.1", "--http_port", "{port}"),
    ),
    Miner(
        name="wildrig-multi",
        title="WildRig-Multi",
        questions=wildrig.QUESTIONS,
        read=wildrig.read,
        default_port=None,
        binds_to_loopback=False,
        api_arguments=("--api-port", "{port}"),
    ),
    Miner(
        name="onezerominer",
        title="OneZeroMiner",
        questions=onezerominer.QUESTIONS,
        read=onezerominer.read,
        default_port=3001,
        binds_to_loopback=True,
        api_arguments=("--api-host", "127.0.0.1", "--api-port", "{port}"),
    ),
    Miner(
        name="gminer",
        title="GMiner",
        questions=gminer.QUESTIONS,
        read=gminer.read,
        default_port=None,
        binds_to_loopback=False,
        api_arguments=("--api", "{port}"),
    ),
    Miner(
        name="t-rex",
        title="T-Rex",
        questions=t_rex.QUESTIONS,
        read=t_rex.read,
        default_port=4067,
        binds_to_loopback=True,
        api_arguments=("--api-bind-http", "127.0.0.1:{port}", "--api-read-only"),
    ),
    Miner(
        name="teamredminer",
        title="TeamRedMiner",
        questions=teamredminer.QUESTIONS,
        read=teamredminer.read,
        default_port=4028,
        binds_to_loopback=True,
        api_arguments=("--api_listen=127.0.0.1:{port}",),
    ),
    Miner(
        name="miniz",
        title="miniZ",
        questions=miniz.QUESTIONS,
        read=miniz.read,
        default_port=20000,
        binds_to_loopback=True,
        api_arguments=("--telemetry=127.0.0.1:{port}",),
    ),
    Miner(
        name="cpuminer-opt",
        title="cpuminer-opt and its forks",
        questions=cpuminer.QUESTIONS,
        read=cpuminer.read,
        default_port=4048,
        binds_to_loopback=True,
        api_arguments=("--api-bind", "127.0.0.1:{port}"),
    ),
    Miner(
        name="ccminer",
        title="ccminer and its forks",
        questions=ccminer.QUESTIONS,
        read=ccminer.read,
        default_port=4068,
        binds_to_loopback=True,
        api_arguments=("-b", "127.0.0.1:{port}"),
    ),
    Miner(
        name="nanominer",
        title="nanominer",
        questions=nanominer.QUESTIONS,
        read=nanominer.read,
        default_port=9090,
        binds_to_loopback=False,
        api_settings=("webPort = {port}", "mport = 0"),
    ),
    Miner(
        name="nbminer",
        title="NBMiner",
        questions=nbminer.QUESTIONS,
        read=nbminer.read,
        default_port=None,
        binds_to_loopback=True,
        api_arguments=("--api", "127.0.0.1:{port}"),
    ),
    Miner(
        name="tt-miner",
        title="TT-Miner",
        questions=claymore.SHORT,
        read=claymore.read_hashes,
        default_port=4068,
        binds_to_loopback=True,
        api_arguments=("--api-bind", "127.0.0.1:{port}"),
    ),
    Miner(
        name="ethminer",
        title="ethminer",
        questions=claymore.SHORT,
        read=claymore.read_thousands,
        default_port=None,
        binds_to_loopback=True,
        api_arguments=("--api-bind", "127.0.0.1:-{port}"),
    ),
    Miner(
        name="phoenixminer",
        title="PhoenixMiner",
        questions=claymore.LONG,
        read=claymore.read_thousands,
        default_port=3333,
        binds_to_loopback=True,
        api_arguments=("-cdm", "1", "-cdmport", "127.0.0.1:{port}"),
    ),
    Miner(
        name="claymore",
        title="Claymore's miners",
        questions=claymore.LONG,
        read=claymore.read_thousands,
        default_port=3333,
        binds_to_loopback=False,
        api_arguments=("-mport", "-{port}"),
    ),
    Miner(
        name="teamblackminer",
        title="TeamBlackMiner",
        questions=teamblackminer.QUESTIONS,
        read=teamblackminer.read,
        default_port=4068,
        binds_to_loopback=True,
        api_arguments=("--api", "--api-ip", "127.0.0.1", "--api-port", "{port}"),
    ),
)

MINERS = {row.name: row for row in _ROWS}
