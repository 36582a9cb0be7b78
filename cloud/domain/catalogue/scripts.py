"""How each program is started: the script that the form offers, which its owner then makes their own.

Programs stand in their own folder when a script runs. The flags that open a program's API to the rig alone
come from the agent, in RIG_API_ARGUMENTS. A program's own watchdog is turned off where that is possible,
so that one supervisor acts. The algorithm is an example. XMRig changes between pools itself; of the others we
are not sure enough, and the agent does it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from wire.assignments import System

_NOTE: Final = "The algorithm is an example: write the one of your pool."
_ACCOUNT: Final = "{{mining_address}}.{{worker}}"


class _Start(NamedTuple):
    """`windows`: the executable there, where it is not the one of Linux with `.exe`."""

    executable: str
    arguments: str
    windows: str = ""


def _stratum(secure: str = "stratum+ssl", plain: str = "stratum+tcp") -> str:
    return f"{{{{pool_tls|{secure}|{plain}}}}}://{{{{pool_address}}}}"


_STARTS: Final = {
    "xmrig": _Start(
        "xmrig",
        "-a rx/0 --no-color --donate-level=1 {{#pools}}-o {{pool_address}} {{pool_tls|--tls|}} "
        "-u {{mining_address}} -p {{pool_password}} --rig-id={{worker}} -k {{/pools}}",
    ),
    "srbminer-multi": _Start(
        "SRBMiner-MULTI",
        "--algorithm randomx --disable-gpu --pool {{pool_address}} --tls {{pool_tls|true|false}} "
        "--wallet {{mining_address}} --worker {{worker}} --password {{pool_password}} ",
    ),
    "lolminer": _Start(
        "lolMiner",
        "--algo AUTOLYKOS2 --watchdog exit --pool {{pool_address}} --tls {{pool_tls|on|off}} "
        f"--user {_ACCOUNT} --pass {{{{pool_password}}}} ",
    ),
    "rigel": _Start(
        "rigel",
        f"-a kawpow -o {_stratum()} -u {{{{mining_address}}}} -p {{{{pool_password}}}} -w {{{{worker}}}} "
        "--no-tui --no-colour --no-watchdog ",
    ),
    "bzminer": _Start(
        "bzminer",
        f"-a kawpow -p {_stratum()} -w {{{{mining_address}}}} -r {{{{worker}}}} "
        "--pool_password {{pool_password}} --nc 1 --no_watchdog ",
    ),
    "wildrig-multi": _Start(
        "wildrig-multi",
        f"--algo kawpow --url {_stratum('stratum+tcps')} --user {{{{mining_address}}}} "
        "--pass {{pool_password}} --worker {{worker}} --no-color --multiple-instance ",
        "wildrig.exe",
    ),
    "onezerominer": _Start(
        "onezerominer",
        f"-a pearlhash -o {_stratum()} -w {{{{mining_address}}}} -p {{{{pool_password}}}} "
        "--worker {{worker}} --disable-telemetry ",
    ),
    "gminer": _Start(
        "miner",
        "--algo kawpow --watchdog 0 --server {{pool_host}} --port {{pool_port}} "
        f"--ssl {{{{pool_tls|1|0}}}} --user {_ACCOUNT} --pass {{{{pool_password}}}} ",
    ),
    "t-rex": _Start(
        "t-rex",
        f"-a kawpow --no-watchdog --no-color -o {_stratum()} -u {{{{mining_address}}}} "
        "-p {{pool_password}} -w {{worker}} ",
    ),
    "teamredminer": _Start(
        "teamredminer",
        f"-a kawpow --watchdog_disabled -o {_stratum()} -u {_ACCOUNT} -p {{{{pool_password}}}} ",
    ),
    "miniz": _Start(
        "miniZ",
        f"--url={{{{pool_tls|ssl://|}}}}{_ACCOUNT}@{{{{pool_address}}}} -p {{{{pool_password}}}} "
        "--par=144,5 --pers=auto --nocolor ",
    ),
    "cpuminer-opt": _Start(
        "cpuminer-avx2",
        f"-a yespower -o {_stratum()} -u {_ACCOUNT} -p {{{{pool_password}}}} --hash-meter ",
    ),
    "ccminer": _Start("ccminer", f"-a verus -o {_stratum()} -u {_ACCOUNT} -p {{{{pool_password}}}} "),
    "nanominer": _Start(
        "nanominer",
        "-algo RandomX -wallet {{mining_address}} -rigName {{worker}} -pool1 {{pool_address}} "
        "-useSSL {{pool_tls|true|false}} -watchdog false -webPort {{api_port}} -mport 0 ",
    ),
    "nbminer": _Start(
        "nbminer", f"-a kawpow -o {_stratum()} -u {_ACCOUNT} -p {{{{pool_password}}}} --no-watchdog "
    ),
    "teamblackminer": _Start(
        "TBMiner",
        "--algo kawpow --hostname {{pool_host}} --port {{pool_port}} --wallet {{mining_address}} "
        "--worker-name {{worker}} ",
    ),
}
"""Arguments end with a blank, or with a section that does, so that what the agent adds stands apart."""


def script_templates() -> dict[str, dict[str, str]]:
    """Program to system to script template."""
    return {
        program: {system: _script(start, system) for system in System} for program, start in _STARTS.items()
    }


def _script(start: _Start, system: System) -> str:
    if system is System.WINDOWS:
        executable = start.windows or f"{start.executable}.exe"
        command = f".\\{executable} {start.arguments}%RIG_API_ARGUMENTS%"
        return f"@echo off\nrem {_NOTE}\n{command}\nexit /b %ERRORLEVEL%\n"
    return f"# {_NOTE}\nexec ./{start.executable} {start.arguments}${{RIG_API_ARGUMENTS}}\n"
