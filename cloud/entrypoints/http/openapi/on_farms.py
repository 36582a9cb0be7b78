"""Operations around farms: machines and their figures, agents, and what agents send."""

from __future__ import annotations

from collections.abc import Mapping

from cloud.entrypoints.http.exchange import JSON
from cloud.entrypoints.http.openapi.operation import (
    AFTER,
    AGENTS,
    FARM,
    FOR_AGENTS,
    MACHINES,
    Operation,
    Query,
    limit,
)
from cloud.usecases import list_events, list_machines
from cloud.usecases.show_history import SPANS
from wire import live, messages, people

_EVENTS = (limit(50, list_events.PAGE_MAX), AFTER)
_SPAN = Query("span", {"enum": [*SPANS], "default": "1h"}, "How far back to look.", "422 bad_query")
_TO = Query(
    "to",
    {"type": "integer", "minimum": 1, "maximum": 99_999_999_999},
    "The end of the span in epoch seconds, now when left out.",
    "422 bad_query",
)
_PROGRAM = Query(
    "program", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}, "Which program.", "422 bad_query", True
)
_RIG = ("404 machine_unknown", "409 not_a_rig", "409 try_again")

_FARM: Mapping[str, Operation] = {
    "GET /v1/farm": Operation(tag=FARM, summary="The farm's name and settings", answer=live.FarmView),
    "PATCH /v1/farm": Operation(
        tag=FARM,
        summary="Rename the farm",
        body=people.FarmRequest,
        answer=live.FarmView,
        refusals=("409 try_again", "422 bad_name"),
    ),
    "PUT /v1/farm/settings": Operation(
        tag=FARM,
        summary="Say how often machines report, and when silence means something",
        body=live.FarmSettings,
        answer=live.FarmView,
        refusals=("422 bad_interval", "422 bad_limit"),
    ),
    "GET /v1/events": Operation(
        tag=FARM, summary="What happened, the newest first", answer=live.EventList, query=_EVENTS
    ),
    "GET /v1/metrics": Operation(
        tag=MACHINES, summary="What is measured: names, units and bounds", answer=live.MetricsTable
    ),
    "GET /v1/machines": Operation(
        tag=MACHINES,
        summary="The farm's machines with their latest figures",
        about="Figures come in columns: place i of each list is of the machine `live.machine[i]`.",
        answer=live.MachinePage,
        query=(limit(list_machines.PAGE_MAX, list_machines.PAGE_MAX), AFTER),
    ),
    "GET /v1/machines/{machine}": Operation(
        tag=MACHINES, summary="All that is known of a machine now", answer=live.MachineView
    ),
    "PATCH /v1/machines/{machine}": Operation(
        tag=MACHINES,
        summary="Change a machine's name, place, tags or client, or park it",
        about="What is left out stays.",
        body=live.MachineChange,
        answer=live.MachineView,
        refusals=("403 not_allowed", "409 try_again", "422 bad_label", "422 bad_name"),
    ),
    "GET /v1/machines/{machine}/events": Operation(
        tag=MACHINES, summary="What happened to a machine", answer=live.EventList, query=_EVENTS
    ),
    "GET /v1/machines/{machine}/history": Operation(
        tag=MACHINES, summary="A machine's figures over time", answer=live.History, query=(_SPAN, _TO)
    ),
    "GET /v1/machines/{machine}/log": Operation(
        tag=MACHINES,
        summary="The last lines of a program, as an order `log` brought them",
        answer=live.ProgramLog,
        query=(_PROGRAM,),
        refusals=("404 no_log",),
    ),
    "POST /v1/machines/{machine}/orders": Operation(
        tag=MACHINES,
        summary="Order a program to start, stop, restart, pause, or show its log",
        about="The order waits for the rig's next report, for 15 minutes at most.",
        status=201,
        body=live.OrderRequest,
        answer=messages.Order,
        refusals=(*_RIG, "409 too_many_orders"),
    ),
    "DELETE /v1/machines/{machine}/orders/{number}": Operation(
        tag=MACHINES,
        summary="Take back an order that waits",
        status=204,
        refusals=(*_RIG, "404 order_unknown"),
    ),
    "PUT /v1/machines/{machine}/watched": Operation(
        tag=MACHINES,
        summary="Name the programs that are only to be read",
        about="These alone from now on.",
        body=live.WatchRequest,
        answer=live.MachineView,
        refusals=(*_RIG, "422 bad_program", "422 duplicate_port", "422 duplicate_program"),
    ),
    "GET /v1/agents": Operation(tag=AGENTS, summary="The farm's agents", answer=live.AgentList),
    "POST /v1/agents": Operation(
        tag=AGENTS,
        summary="Add an agent",
        about="The only time that its token is shown.",
        status=201,
        body=live.AgentRequest,
        answer=live.NewAgent,
        refusals=("409 farm_full", "409 try_again", "422 bad_name"),
    ),
    "DELETE /v1/agents/{agent}": Operation(
        tag=AGENTS,
        summary="Put an agent and its machine into the bin, for 7 days",
        status=204,
        refusals=("404 agent_unknown", "409 try_again"),
    ),
    "POST /v1/agents/{agent}/token": Operation(
        tag=AGENTS,
        summary="Give an agent a new token",
        about="The one before ends.",
        status=201,
        answer=live.NewAgent,
        refusals=("404 agent_unknown", "409 try_again"),
    ),
    "GET /v1/bin": Operation(tag=AGENTS, summary="What lies in the bin", answer=live.Bin),
    "POST /v1/bin/{agent}/restore": Operation(
        tag=AGENTS,
        summary="Take an agent out of the bin",
        status=204,
        refusals=("404 agent_unknown", "409 farm_full", "409 try_again"),
    ),
}
_FOR_AGENTS: Mapping[str, Operation] = {
    f"POST {messages.ENROLMENT_PATH}": Operation(
        tag=FOR_AGENTS,
        summary="First contact of an agent",
        body=messages.Enrolment,
        answer=messages.EnrolmentReply,
        refusals=("409 try_again", "409 wrong_kind"),
    ),
    f"POST {messages.REPORT_PATH}": Operation(
        tag=FOR_AGENTS,
        summary="Samples, events and states of an agent's machines",
        about="Stored when it is answered; sent twice, it is stored once.",
        body=messages.Report,
        types=(messages.REPORT_CONTENT_TYPE, JSON),
        answer=messages.ReportReply,
        refusals=(
            "400 bad_gzip",
            "404 machine_unknown",
            "409 another_machine",
            "409 enrolled_again",
            "409 wrong_kind",
            "413 inflated_too_large",
            "422 bad_epoch",
            "422 bad_reading",
            "422 bad_subject",
            "422 bad_value",
            "422 block_too_long",
            "422 clock_ahead",
            "422 duplicate_device",
            "422 duplicate_machine",
            "422 duplicate_metric",
            "422 duplicate_mining",
            "422 duplicate_program",
            "422 events_out_of_order",
            "422 nothing_reported",
            "422 times_out_of_order",
            "422 uneven_series",
            "422 unknown_metric",
        ),
    ),
}
ON_FARMS: Mapping[str, Operation] = {**_FARM, **_FOR_AGENTS}
