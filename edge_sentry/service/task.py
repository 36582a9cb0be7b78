"""The scheduled task that starts the sentry on Windows. Its text is tested; it was never run there."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

NAME = "edge-sentry"
# LOCAL SERVICE, SYSTEM and the administrators, by their numbers: the names are translated.
LOCAL_SERVICE = "S-1-5-19"
MAY_READ = (LOCAL_SERVICE, "S-1-5-18", "S-1-5-32-544")

# Priority 5 and not the default 7, which would slow the mining programs too: they inherit it.
# PT0S: without a limit of time. After a failure it is started again a minute later, 255 times: the most.
_TEXT = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Edge sentry of Rig Commander</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
    </BootTrigger>
  </Triggers>
  <Principals>
    <Principal id="sentry">
      <UserId>{user}</UserId>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <IdleSettings>
      <StopOnIdleEnd>false</StopOnIdleEnd>
      <RestartOnIdle>false</RestartOnIdle>
    </IdleSettings>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>255</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="sentry">
    <Exec>
      <Command>{python}</Command>
      <Arguments>-I -m edge_sentry run --data "{data}"</Arguments>
      <WorkingDirectory>{data}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def text(python: Path, data: Path) -> str:
    """The task as XML; to be written as UTF-16, which is what `schtasks` reads."""
    return _TEXT.format(user=LOCAL_SERVICE, python=escape(str(python)), data=escape(str(data)))
