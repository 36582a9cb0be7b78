"""An example of each message about ASIC edges and their errands."""

from __future__ import annotations

from typing import Final

import msgspec

from wire import edge, edge_page, live
from wire.messages import AgentKind

_AT = 1_767_225_600.0
_AGENT = live.AgentView(
    "agent_5k3m8n6b4v2c9x7q", "shed", AgentKind.ASIC, False, None, _AT - 86_400, _AT - 86_000, "0.1.0"
)
_MACHINE = "machine_9x7q5k3m8n6b4v2c"
_SILENT = edge.SilentDevice(
    "row 2-07", "192.168.1.57", edge.NoReply("no answer within 5 s", _AT - 600, 10), _MACHINE
)
_STATE = edge.EdgeState(
    devices=200,
    reads=200,
    elsewhere=0,
    refused=0,
    round_s=60,
    errands_done=3,
    networks=("192.168.1.5/24",),
    round=edge.RoundState(_AT - 2, 11.5, 200, 199, 0),
    slow=(edge.SlowDevice("row 1-01", "192.168.1.21", 2.4, "machine_4v2c9x7q5k3m8n6b"),),
    silent=(_SILENT,),
    silent_count=1,
    asked=(edge.AskedModel("MicroBT M30S", 200, 1, 1440, 24, 1, 5),),
    logins=edge.LoginCounts(not_needed=200),
    search=edge.SearchState(3, "done", _AT - 300, 254, 254, 200, 2, ranges=("192.168.1.0/24",)),
)
_FOUND = edge.FoundDevice("192.168.1.21", "MicroBT", "M30S", "row 1-01")
_ENDED = edge.ErrandResult(
    2,
    ok=True,
    text="1,798 of 1,800 rows would be added.",
    counts={"added": 1798, "fault": 2},
    lines=(edge.ErrandLine("17", "fault", "The address 192.168.1.999 is none."),),
)
_ERRAND = edge_page.ErrandView(2, "import_rows", _AT - 400, _ENDED, preview=True)
_LISTED = msgspec.structs.replace(_ERRAND, result=msgspec.structs.replace(_ENDED, lines=()))
_VIEW = edge_page.EdgeView(
    server_at=_AT,
    agent=_AGENT,
    received_at=_AT - 1,
    late_at=_AT + 89,
    offline_at=_AT + 149,
    stopped=False,
    state=_STATE,
    found=(_FOUND,),
    errands=(edge_page.ErrandView(4, "search", _AT - 1), _LISTED),
)

_ENTRY = edge.RosterEntry(
    1, _AT - 86_400, "row 1-01", "A4:12:F0:3C:9B:07", make="MicroBT", model="M30S", place="row 1"
)

EDGE_EXAMPLES: Final[tuple[msgspec.Struct, ...]] = (
    edge_page.ErrandRequest(edge.Search(("192.168.1.0/24",))),
    _ERRAND,
    _VIEW,
    edge.RosterTelling(1, (edge.RosterBatch(0, (_ENTRY,)),)),
    edge.RosterReply(_AT, (edge.Seat(1, _MACHINE, reads=True),)),
)
