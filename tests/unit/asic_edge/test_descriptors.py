"""The limit of open files is raised, or the program says why not."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import resource, sys
from asic_edge.descriptors import DESCRIPTORS, DescriptorLimit, raise_descriptor_limit
try:
    raise_descriptor_limit(DESCRIPTORS)
    sys.stdout.write(str(resource.getrlimit(resource.RLIMIT_NOFILE)[0]))
except DescriptorLimit as error:
    sys.stdout.write(str(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(("shell", "said"), [("ulimit -Sn 256", "4096"), ("ulimit -n 256", "allows 256")])
def test_limit_of_256_is_raised_or_told_of(shell: str, said: str) -> None:
    command = f"{shell} && exec {sys.executable} -c '{PROGRAM}'"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=30, check=True)
    assert said in done.stdout
