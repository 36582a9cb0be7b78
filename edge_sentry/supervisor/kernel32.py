"""The Windows calls behind the port `Kernel`, by ctypes. Written from the documentation, not yet run."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("kernel32 is Windows's")

import ctypes
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ctypes import wintypes

from edge_sentry.supervisor.processes import Process
from edge_sentry.supervisor.windows import Birth, environment_block

_CREATE_NEW_PROCESS_GROUP = 0x0200
_CREATE_UNICODE_ENVIRONMENT = 0x0400
_EXTENDED_STARTUPINFO_PRESENT = 0x00080000
_CREATE_NO_WINDOW = 0x08000000
_STARTF_USESTDHANDLES = 0x0100
_ATTRIBUTE_HANDLE_LIST = 0x00020002
_ATTRIBUTE_JOB_LIST = 0x0002000D
_PROCESS_QUERY_LIMITED_INFORMATION = 0x1000
_JOB_OBJECT_QUERY = 0x0004
_JOB_OBJECT_TERMINATE = 0x0008
_BASIC_PROCESS_ID_LIST = 3
_HANDLE_FLAG_INHERIT = 1
_CTRL_BREAK_EVENT = 1
_ERROR_ALREADY_EXISTS = 183
_STILL_ACTIVE = 259
_FILE_APPEND_DATA = 0x0004
_SYNCHRONIZE = 0x00100000
_GENERIC_READ = 0x80000000
_SHARE_ALL = 0x7
_OPEN_ALWAYS = 4
_INVALID_HANDLE = ctypes.c_void_p(-1).value
_MOST_PROCESSES = 4096
_100_NS_PER_S = 10_000_000
_EPOCH_OFFSET_S = 11_644_473_600  # from 1601 to 1970
_ENDED_BY_US = 137

_kernel = ctypes.WinDLL("kernel32", use_last_error=True)


class _StartupInfo(ctypes.Structure):
    _fields_ = (
        ("cb", wintypes.DWORD),
        ("lpReserved", wintypes.LPWSTR),
        ("lpDesktop", wintypes.LPWSTR),
        ("lpTitle", wintypes.LPWSTR),
        ("dwX", wintypes.DWORD),
        ("dwY", wintypes.DWORD),
        ("dwXSize", wintypes.DWORD),
        ("dwYSize", wintypes.DWORD),
        ("dwXCountChars", wintypes.DWORD),
        ("dwYCountChars", wintypes.DWORD),
        ("dwFillAttribute", wintypes.DWORD),
        ("dwFlags", wintypes.DWORD),
        ("wShowWindow", wintypes.WORD),
        ("cbReserved2", wintypes.WORD),
        ("lpReserved2", ctypes.c_void_p),
        ("hStdInput", wintypes.HANDLE),
        ("hStdOutput", wintypes.HANDLE),
        ("hStdError", wintypes.HANDLE),
        ("lpAttributeList", ctypes.c_void_p),
    )


class _ProcessInformation(ctypes.Structure):
    _fields_ = (
        ("hProcess", wintypes.HANDLE),
        ("hThread", wintypes.HANDLE),
        ("dwProcessId", wintypes.DWORD),
        ("dwThreadId", wintypes.DWORD),
    )


class _ProcessIds(ctypes.Structure):
    _fields_ = (
        ("assigned", wintypes.DWORD),
        ("listed", wintypes.DWORD),
        ("ids", ctypes.c_size_t * _MOST_PROCESSES),
    )


_kernel.CreateJobObjectW.restype = wintypes.HANDLE
_kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
_kernel.OpenJobObjectW.restype = wintypes.HANDLE
_kernel.OpenJobObjectW.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.LPCWSTR)
_kernel.CreateFileW.restype = wintypes.HANDLE
_kernel.CreateFileW.argtypes = (
    wintypes.LPCWSTR,
    wintypes.DWORD,
    wintypes.DWORD,
    ctypes.c_void_p,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.HANDLE,
)
_kernel.OpenProcess.restype = wintypes.HANDLE
_kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
_kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
_kernel.SetHandleInformation.argtypes = (wintypes.HANDLE, wintypes.DWORD, wintypes.DWORD)
_kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
_kernel.QueryInformationJobObject.argtypes = (
    wintypes.HANDLE,
    ctypes.c_int,
    ctypes.c_void_p,
    wintypes.DWORD,
    ctypes.c_void_p,
)
_kernel.InitializeProcThreadAttributeList.argtypes = (
    ctypes.c_void_p,
    wintypes.DWORD,
    wintypes.DWORD,
    ctypes.POINTER(ctypes.c_size_t),
)
_kernel.UpdateProcThreadAttribute.argtypes = (
    ctypes.c_void_p,
    wintypes.DWORD,
    ctypes.c_size_t,
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_void_p,
    ctypes.c_void_p,
)
_kernel.DeleteProcThreadAttributeList.argtypes = (ctypes.c_void_p,)
_kernel.GetProcessTimes.argtypes = (wintypes.HANDLE, *([ctypes.POINTER(wintypes.FILETIME)] * 4))
_kernel.GetExitCodeProcess.argtypes = (wintypes.HANDLE, ctypes.POINTER(wintypes.DWORD))
_kernel.CreateProcessW.argtypes = (
    wintypes.LPCWSTR,
    wintypes.LPWSTR,
    ctypes.c_void_p,
    ctypes.c_void_p,
    wintypes.BOOL,
    wintypes.DWORD,
    wintypes.LPCWSTR,
    wintypes.LPCWSTR,
    ctypes.c_void_p,
    ctypes.POINTER(_ProcessInformation),
)


class WindowsKernel:
    """The port `Kernel`."""

    def create(self, birth: Birth) -> Process:
        """The job and its first process; the job's handle, output and nul are all it inherits."""
        with (
            _new_job(birth.job) as job,
            _inheritable("nul", _GENERIC_READ) as nul,
            # Append is a right of the handle here: so the file can be cut under the writer.
            _inheritable(str(birth.output), _FILE_APPEND_DATA | _SYNCHRONIZE) as output,
        ):
            return _create_process(birth, job, nul, output)

    def members(self, job: str) -> frozenset[Process]:
        with _open_job(job, _JOB_OBJECT_QUERY) as handle:
            if not handle:
                return frozenset()
            ids = _ProcessIds()
            size = ctypes.sizeof(ids)
            _check(
                _kernel.QueryInformationJobObject(
                    handle, _BASIC_PROCESS_ID_LIST, ctypes.byref(ids), size, None
                )
            )
            found = [_process(int(ids.ids[place])) for place in range(ids.listed)]
        return frozenset(each for each in found if each is not None)

    def press_break(self, process: Process) -> None:
        """Its console is not ours: to reach it we join it for a moment."""
        if _process(process.pid) != process:
            return
        _kernel.FreeConsole()
        if not _kernel.AttachConsole(wintypes.DWORD(process.pid)):
            return
        _kernel.SetConsoleCtrlHandler(None, wintypes.BOOL(True))
        try:
            _kernel.GenerateConsoleCtrlEvent(wintypes.DWORD(_CTRL_BREAK_EVENT), wintypes.DWORD(process.pid))
        finally:
            _kernel.FreeConsole()

    def end(self, job: str) -> None:
        with _open_job(job, _JOB_OBJECT_TERMINATE) as handle:
            if handle:
                _check(_kernel.TerminateJobObject(handle, _ENDED_BY_US))

    def age_s(self, process: Process) -> float:
        return max(time.time() + _EPOCH_OFFSET_S - process.born / _100_NS_PER_S, 0.0)


def _create_process(birth: Birth, job: int, nul: int, output: int) -> Process:
    inherited = (wintypes.HANDLE * 3)(job, nul, output)
    jobs = (wintypes.HANDLE * 1)(job)
    with _attributes({_ATTRIBUTE_HANDLE_LIST: inherited, _ATTRIBUTE_JOB_LIST: jobs}) as attributes:
        startup = _StartupInfo()
        startup.cb = ctypes.sizeof(startup)
        startup.dwFlags = _STARTF_USESTDHANDLES
        startup.hStdInput, startup.hStdOutput, startup.hStdError = nul, output, output
        startup.lpAttributeList = ctypes.addressof(attributes)
        made = _ProcessInformation()
        flags = (
            _CREATE_NEW_PROCESS_GROUP
            | _CREATE_NO_WINDOW
            | _CREATE_UNICODE_ENVIRONMENT
            | _EXTENDED_STARTUPINFO_PRESENT
        )
        command = ctypes.create_unicode_buffer(birth.command)
        block = ctypes.create_unicode_buffer(environment_block(birth.environment))
        _check(
            _kernel.CreateProcessW(
                None,
                command,
                None,
                None,
                True,
                flags,
                ctypes.addressof(block),
                birth.folder,
                ctypes.byref(startup),
                ctypes.byref(made),
            )
        )
    try:
        return Process(made.dwProcessId, _born(made.hProcess))
    finally:
        _kernel.CloseHandle(made.hThread)
        _kernel.CloseHandle(made.hProcess)


def _process(pid: int) -> Process | None:
    """None when it is gone."""
    handle = _kernel.OpenProcess(_PROCESS_QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return None
    try:
        status = wintypes.DWORD()
        _check(_kernel.GetExitCodeProcess(handle, ctypes.byref(status)))
        return Process(pid, _born(handle)) if status.value == _STILL_ACTIVE else None
    finally:
        _kernel.CloseHandle(handle)


def _born(handle: int) -> int:
    times = [wintypes.FILETIME() for _ in range(4)]
    _check(_kernel.GetProcessTimes(handle, *(ctypes.byref(each) for each in times)))
    return int(times[0].dwHighDateTime) << 32 | int(times[0].dwLowDateTime)


@contextmanager
def _new_job(name: str) -> Iterator[int]:
    """A job without limits: above all without KILL_ON_JOB_CLOSE."""
    ctypes.set_last_error(0)
    handle = _checked(_kernel.CreateJobObjectW(None, name))
    existed = ctypes.get_last_error() == _ERROR_ALREADY_EXISTS
    try:
        if existed:
            raise FileExistsError(f"the job {name} exists")
        _inherit(handle)
        yield handle
    finally:
        _kernel.CloseHandle(handle)


@contextmanager
def _open_job(name: str, access: int) -> Iterator[int | None]:
    """None when there is no such job."""
    handle = _kernel.OpenJobObjectW(access, False, name)
    try:
        yield handle
    finally:
        if handle:
            _kernel.CloseHandle(handle)


@contextmanager
def _inheritable(path: str, access: int) -> Iterator[int]:
    handle = _checked(_kernel.CreateFileW(path, access, _SHARE_ALL, None, _OPEN_ALWAYS, 0, None))
    try:
        _inherit(handle)
        yield handle
    finally:
        _kernel.CloseHandle(handle)


def _inherit(handle: int) -> None:
    _check(_kernel.SetHandleInformation(handle, _HANDLE_FLAG_INHERIT, _HANDLE_FLAG_INHERIT))


@contextmanager
def _attributes(values: Mapping[int, ctypes.Array[wintypes.HANDLE]]) -> Iterator[ctypes.Array[ctypes.c_char]]:
    """The list of what a new process gets; `values` must live as long."""
    size = ctypes.c_size_t()
    _kernel.InitializeProcThreadAttributeList(None, len(values), 0, ctypes.byref(size))
    attributes = ctypes.create_string_buffer(size.value)
    _check(_kernel.InitializeProcThreadAttributeList(attributes, len(values), 0, ctypes.byref(size)))
    try:
        for name, value in values.items():
            length = ctypes.sizeof(value)
            _check(_kernel.UpdateProcThreadAttribute(attributes, 0, name, value, length, None, None))
        yield attributes
    finally:
        _kernel.DeleteProcThreadAttributeList(attributes)


def _checked(handle: int | None) -> int:
    if not handle or handle == _INVALID_HANDLE:
        raise ctypes.WinError(ctypes.get_last_error())
    return handle


def _check(succeeded: int) -> None:
    if not succeeded:
        raise ctypes.WinError(ctypes.get_last_error())
