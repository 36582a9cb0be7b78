"""An example of each message that a route takes or answers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import UNSET

from cloud.entrypoints.http.openapi.edge_examples import EDGE_EXAMPLES
from cloud.entrypoints.http.openapi.examples_of_playbooks import ON_PLAYBOOKS
from cloud.entrypoints.http.openapi.examples_of_rollouts import ON_ROLLOUTS
from cloud.entrypoints.http.openapi.operation import Message, OpenApi
from wire import live, messages, people
from wire.metrics import METRICS

_AT = 1_767_225_600.0
_MACHINE, _AGENT, _FARM = "machine_3m5k7q2x9c4v6b8n", "agent_8n6b4v2c9x7q5k3m", "farm_2x9c4v6b8n3m5k7q"
_EMAIL, _OTHER, _PASSWORD = "owner@farm.example", "viewer@farm.example", "a password of your own"
_SECRET = "kJ8s0vQyN3mX5tB7wZ1cR4uH6eL9aGfDpSoIiYhTrEq"  # noqa: S105 - an example
_TOKEN = f"{_FARM}.{{}}.{_SECRET}"
_PROGRAM = "xmrig-rx"
_MINING = messages.Mining("rx/0", 12_345.6, coin="XMR")
_ORDER = messages.Order(7, messages.Action.RESTART, _PROGRAM)
_RAN = messages.Program(_PROGRAM, "xmrig", "running", version="6.22.2", accepted=1204, rejected=3)
_WATCHED = (messages.WatchedProgram("xmrig-own", "xmrig", 18080),)
_LABELS = live.Labels("row 3", ("new fans",), "Ann")
_PACE = live.Pace(10, 60, 90, 150)
_LIVE = live.LiveColumns(
    machine=[_MACHINE],
    received_at=[_AT],
    sampled_at=[_AT - 1],
    late_at=[_AT + 90],
    offline_at=[_AT + 150],
    stopped=[False],
    interval_s=[60],
    mining=[(_MINING,)],
    values={"cpu_load_pct": [97.5], "cpu_temperature_c": [None]},
)
_SPECS = messages.Specs(hostname="rig-1", os="Debian 13", cpu_model="A processor", cpu_cores=16)
_AGENT_VIEW = live.AgentView(
    _AGENT, "rig-1", messages.AgentKind.CPU_GPU, False, _MACHINE, _AT - 86_400, _AT - 86_000, "0.1.0"
)
_SEAT = people.FarmSeat(_FARM, "North", people.Role.OWNER)
_MEMBER = people.MemberView(
    "5e3c9a4f0b7d2186c1d09f8e7a6b5c4d", _OTHER, people.Role.VIEWER, ("Ann",), _AT - 86_400
)
_INVITATION = people.InvitationView(
    "invitation_4v6b8n3m5k7q2x9c",
    _OTHER,
    people.Role.VIEWER,
    ("Ann",),
    _EMAIL,
    _AT,
    _AT + 604_800,
)
_API_TOKEN = people.ApiTokenView(
    "apitoken_9c4v6b8n3m5k7q2x", "nightly script", _EMAIL, people.Role.VIEWER, None, _AT, _AT + 2_592_000
)
_BLOCK = messages.Block((_AT - 10, _AT), (messages.Series("cpu_load_pct", (97.0, 97.5)),))
_EVENT = live.MachineEvent(
    _AT, _MACHINE, kind="restarted", reason="xmrig ended with status 1", program=_PROGRAM
)
_LINE = people.AuditLine(
    42,
    _AT,
    _EMAIL,
    "203.0.113.7",
    "change_machine",
    f"machine {_MACHINE}",
    {"place": ""},
    {"place": "row 3"},
    "0" * 64,
    "1" * 64,
)

_SENT: tuple[msgspec.Struct, ...] = (
    people.Credentials(_EMAIL, _PASSWORD),
    people.PasswordForgotten(_EMAIL),
    people.PasswordReset(_SECRET, _PASSWORD),
    people.PasswordChange(_PASSWORD, "another password of your own"),
    people.SecondFactorProof("123456"),
    people.PasswordProof(_PASSWORD),
    people.SecondFactorEnd(_PASSWORD, "123456"),
    people.FarmRequest("North"),
    people.MemberChange(people.Role.OPERATOR, UNSET),
    people.InvitationRequest(people.Role.VIEWER, ("Ann",), _OTHER),
    people.InvitationSecret(_SECRET),
    people.Joining(_SECRET, _OTHER, _PASSWORD),
    people.ApiTokenRequest("nightly script", people.Role.VIEWER, 30),
    live.AgentRequest("rig-1", messages.AgentKind.CPU_GPU),
    live.FarmSettings(report_interval_s=120),
    live.MachineChange(place="row 3", tags=("new fans",)),
    live.OrderRequest(messages.Action.RESTART, _PROGRAM),
    live.WatchRequest(_WATCHED),
    messages.Enrolment(messages.AgentKind.CPU_GPU, "0.1.0", "rig-1", _AT),
    messages.Report(1, 1, _AT, 60, (messages.MachineReport(_MACHINE, open=_BLOCK),)),
)
_ANSWERED: tuple[msgspec.Struct, ...] = (
    people.SignInOptions("Keycloak", True),
    people.SessionView(_EMAIL, [_SEAT]),
    people.SessionList([people.SessionRow("1" * 64, _AT, _AT, "203.0.113.7", "Firefox", True)]),
    people.SecondFactorOffer("JBSWY3DPEHPK3PXP", "otpauth://totp/Rig%20Commander", ["101", "010", "101"]),
    people.RecoveryCodes(["abcd-efgh-ijkl-mnop"]),
    people.MemberList([_MEMBER], [_INVITATION]),
    _MEMBER,
    people.NewInvitation(_INVITATION, f"https://rigs.example/#/invitation/{_SECRET}", True),
    people.InvitationOffer("North", people.Role.VIEWER, ("Ann",), _EMAIL, _AT + 604_800, _OTHER, False),
    people.ApiTokenList([_API_TOKEN]),
    people.NewApiToken(_API_TOKEN, _TOKEN.format(_API_TOKEN.token)),
    people.AuditPage([_LINE], None),
    _SEAT,
    live.FarmView(_FARM, "North", live.FarmSettings(), _PACE, _PACE),
    live.EventList([_EVENT], f"event#001767225600000#{_MACHINE}"),
    live.MetricsTable(METRICS[:2]),
    live.MachinePage(
        server_at=_AT,
        name=["rig-1"],
        kind=[messages.AgentKind.CPU_GPU],
        agent=[_AGENT],
        model=[None],
        simulated=[False],
        labels=[_LABELS],
        live=_LIVE,
        next=None,
    ),
    live.MachineView(
        server_at=_AT,
        name="rig-1",
        kind=messages.AgentKind.CPU_GPU,
        simulated=False,
        labels=_LABELS,
        agent=_AGENT,
        specs=_SPECS,
        unread=(messages.Unread("cpu_temperature_c", "no sensor"),),
        dropped=0,
        clock_off_s=0.2,
        live=_LIVE,
        values={"hashrate@rx/0": 12_345.6},
        programs=(_RAN,),
        orders=(_ORDER,),
    ),
    live.History(
        server_at=_AT,
        from_at=_AT - 3600,
        to_at=_AT,
        resolution_s=None,
        gap_s=150,
        at=[_AT - 10, _AT],
        values={"cpu_load_pct": [97.0, 97.5]},
        late=[],
    ),
    live.ProgramLog(_PROGRAM, 7, _AT, ("accepted (1204/3)",)),
    _ORDER,
    live.AgentList([_AGENT_VIEW]),
    live.NewAgent(
        _AGENT_VIEW,
        "https://rigs.example",
        _TOKEN.format(_AGENT),
        f"edge-sentry enrol --url https://rigs.example --token {_TOKEN.format(_AGENT)}",
    ),
    live.Bin([live.BinnedAgent(_AGENT, "rig-1", _MACHINE, _AT, _AT + 604_800)]),
    live.SocketTicket(_SECRET, _AT + 30),
    messages.EnrolmentReply(
        _FARM,
        "North",
        _AGENT,
        "rig-1",
        _MACHINE,
        epoch=1,
        server_at=_AT,
        sample_interval_s=10,
        report_interval_s=60,
    ),
    messages.ReportReply(1, 1, _AT, 10, 60, (_ORDER,)),
    OpenApi("3.1.0", {"title": "Rig Commander", "version": "1"}, [{"url": "/"}], [], {}, {}),
)
EXAMPLES: Mapping[Message, msgspec.Struct] = {
    type(example): example for example in (*_SENT, *_ANSWERED, *EDGE_EXAMPLES, *ON_PLAYBOOKS, *ON_ROLLOUTS)
}
