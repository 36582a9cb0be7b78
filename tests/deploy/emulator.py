"""ministack in an environment of its own: installed once, started on a free port, ended by its pid."""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import subprocess
import time
from pathlib import Path

import httpx
from uv import find_uv_bin

from infra.packages.interpreters import Interpreter, find_python
from infra.packages.target import EMULATOR_PYTHONS
from tests.deploy.certificate import write_certificate
from tests.system.processes import free_port

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements-emulator.lock"
REGION = "us-east-1"
ACCOUNT = "000000000000"
_LAUNCHER = Path(__file__).with_name("launcher.py")
_READY = ".installed"
_INSTALL_S, _START_S, _END_S = 300, 60, 10


class EmulatorError(Exception):
    """Why there is no emulator, in words."""


def install_emulator(folder: Path) -> Path:
    """The Python of an environment with ministack in it, made anew when the lock file changed."""
    python = find_python(EMULATOR_PYTHONS, "to run ministack, the emulator of AWS")
    digest = hashlib.sha256(LOCK.read_bytes() + str(python.path).encode()).hexdigest()[:16]
    environment = folder.resolve() / f"environment-{python.version}-{digest}"
    if not (environment / _READY).exists():
        shutil.rmtree(environment, ignore_errors=True)
        _fill(environment, python)
        (environment / _READY).touch()
    return environment / "bin" / "python"


def _fill(environment: Path, python: Interpreter) -> None:
    uv = find_uv_bin()
    _run([uv, "venv", "--quiet", "--python", str(python.path), str(environment)])
    target = ["--python", str(environment / "bin" / "python")]
    _run([uv, "pip", "install", "--quiet", "--require-hashes", *target, "-r", str(LOCK)])


def _run(command: list[str]) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_S, check=False)
    if ended.returncode:
        raise EmulatorError(f"The emulator could not be installed:\n{ended.stderr.strip()}")


class Emulator:
    """One running ministack, empty at the start, on loopback alone.

    It checks every call against the policies of the role that makes it (`AUTH`), and whether TLS is used.
    """

    def __init__(self, python: Path, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"https://localhost:{self.port}"
        self.log = folder / "emulator.log"
        scratch = folder / "scratch"
        scratch.mkdir(parents=True)
        self.certificate, key = write_certificate(folder)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [python, _LAUNCHER],
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._own_environment(scratch, key),
            )
        self._wait_until_it_answers()

    @property
    def environment(self) -> dict[str, str]:
        """For programs that are to take the emulator for AWS: nothing leads them to a real account."""
        nowhere = str(self.folder / "no-such-file")
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": nowhere,
            "AWS_SHARED_CREDENTIALS_FILE": nowhere,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CA_BUNDLE": str(self.certificate),
            "NODE_EXTRA_CA_CERTS": str(self.certificate),
            "CDK_HOME": str(self.folder / "cdk-home"),
            "NO_PROXY": "localhost,127.0.0.1",
        }

    def tls(self) -> ssl.SSLContext:
        """Trusts the emulator alone."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def stop(self) -> None:
        """Ends it and its functions, which run as its children and end when their input does."""
        self._process.terminate()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_END_S)
        shutil.rmtree(self.folder / "scratch", ignore_errors=True)

    def _own_environment(self, scratch: Path, key: Path) -> dict[str, str]:
        """Little else than what is said here: its functions inherit it all."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "AUTH": "true",
            "USE_SSL": "1",
            "MINISTACK_SSL_CERT": str(self.certificate),
            "MINISTACK_SSL_KEY": str(key),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _START_S
        with httpx.Client(verify=self.tls(), trust_env=False) as client:
            while time.monotonic() < deadline and self._process.poll() is None:
                try:
                    client.get(f"{self.url}/_ministack/health")
                except httpx.TransportError:
                    time.sleep(0.1)
                else:
                    return
        self.stop()
        raise EmulatorError(f"The emulator did not start:\n{self.log.read_text(errors='replace')[-2000:]}")
