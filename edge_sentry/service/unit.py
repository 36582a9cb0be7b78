"""The text of the systemd unit. The reason of each line stands in docs/decisions/0022-the-service.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edge_sentry.settings.folder import SettingsError

NAME = "edge-sentry.service"
# Neither systemd nor a shell reads anything into these.
_PLAIN = re.compile(r"/[A-Za-z0-9_.,@+/-]+")
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))

# NVIDIA's library makes the cards' device files by a set-uid program, which a program under
# NoNewPrivileges cannot use: so they are made beforehand. systemd reads $$ as one $.
CARDS = (
    "nvidia-modprobe -u; "
    'nvidia-modprobe $$(sed -n "s/^Device Minor:[[:space:]]*/-c /p" /proc/driver/nvidia/gpus/*/information)'
)

_TEXT = """\
# Written by `edge-sentry install-service`, which writes it anew each time.
# Changes of your own belong into: systemctl edit edge-sentry

[Unit]
Description=Edge sentry of Rig Commander
After=network.target
ConditionPathExists={data}/identity.json
StartLimitIntervalSec=0

[Service]
Type=exec
User={user}
{groups}WorkingDirectory={data}
Environment=HOME={data}
ExecStartPre=-+/bin/sh -c '{cards}'
ExecStart={python} -I -m edge_sentry run --data {data}
Restart=always
RestartSec=5

# Mining programs outlive the sentry.
KillMode=process
SendSIGKILL=yes
TimeoutStopSec=20
OOMPolicy=continue

# Mining programs inherit what follows, and can bear it.
UMask=0077
LimitCORE=0
LimitMEMLOCK=infinity
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths={data} /tmp -/var/tmp
ProtectHome={homes}
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes

[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True)
class Service:
    """What differs from rig to rig. `program`: all folders that the program and its Python lie in."""

    python: Path
    user: str
    data: Path
    groups: Sequence[str] = ()
    program: Sequence[Path] = ()


def text(service: Service) -> str:
    """The unit; raises SettingsError where a path has a character that systemd could misread."""
    for path in (service.python, service.data):
        if not _PLAIN.fullmatch(str(path)):
            raise SettingsError(
                f"A service cannot use {path}: only letters, digits and _ . , @ + - may be in its name."
            )
    needed = (service.python, service.data, *service.program)
    seen = any(path.is_relative_to(home) for path in needed for home in _HOMES)
    return _TEXT.format(
        data=service.data,
        user=service.user,
        groups=f"SupplementaryGroups={' '.join(service.groups)}\n" if service.groups else "",
        python=service.python,
        cards=CARDS,
        homes="read-only" if seen else "yes",
    )


def service_of(unit: str) -> Service | None:
    """What a unit that we wrote was made for; None for any other text."""
    values = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and line[0].isalpha())
    data, user = values.get("WorkingDirectory"), values.get("User")
    command = values.get("ExecStart", "").split()
    if not data or not user or not command:
        return None
    groups = values.get("SupplementaryGroups", "").split()
    return Service(Path(command[0]), user, Path(data), tuple(groups))
