"""What the page is shown of an ASIC edge, and what it asks of one."""

from __future__ import annotations

from wire.edge import EdgeState, Errand, ErrandResult, FoundDevice
from wire.live import AgentView
from wire.shapes import Message


class ErrandRequest(Message, frozen=True):
    """From the page: what is wanted of the edge."""

    errand: Errand


class ErrandView(Message, frozen=True):
    """An errand of the last day. `kind` is its tag. No `result` yet: it waits for the edge, or is under way.

    `expired`: it is not sent any more, and the edge has not said what came of it; `result` says why. What
    the edge says later takes its place. `preview`: of rows of a spreadsheet that were only to be looked at.
    """

    number: int
    kind: str
    given_at: float
    result: ErrandResult | None = None
    expired: bool = False
    preview: bool = False


class EdgeView(Message, frozen=True):
    """All that is known of an ASIC edge now, by the commander's clock; `state` None: it never reported.

    At `late_at` and `offline_at` its state changes unless another report comes; `stopped`: it said goodbye.
    `found` is of the search in `state`. `errands`: those that wait and those that ended, the newest first,
    without the lines of their results.
    """

    server_at: float
    agent: AgentView
    received_at: float | None
    late_at: float | None
    offline_at: float | None
    stopped: bool
    state: EdgeState | None
    found: tuple[FoundDevice, ...]
    errands: tuple[ErrandView, ...]
