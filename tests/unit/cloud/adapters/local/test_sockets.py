"""The open sockets of this process."""

from __future__ import annotations

from cloud.adapters.local.sockets import LocalSockets


class _Page:
    """A page that keeps up."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    def take(self, message: bytes) -> bool:
        self.taken.append(message)
        return True


def test_message_reaches_its_connection_only() -> None:
    sockets, one, two = LocalSockets(), _Page(), _Page()
    sockets.add("one", one.take)
    sockets.add("two", two.take)
    assert sockets.send("one", b"hello") is True
    assert (one.taken, two.taken) == ([b"hello"], [])


def test_connection_is_ended_by_an_empty_message() -> None:
    sockets, page = LocalSockets(), _Page()
    sockets.add("one", page.take)
    sockets.close("one")
    sockets.close("never")
    assert page.taken == [b""]


def test_unknown_connection_is_gone() -> None:
    assert LocalSockets().send("never", b"x") is False


def test_removed_connection_is_gone_and_may_be_removed_again() -> None:
    sockets = LocalSockets()
    sockets.add("one", lambda _: True)
    sockets.remove("one")
    sockets.remove("one")
    assert sockets.send("one", b"x") is False


def test_page_that_does_not_keep_up_is_gone() -> None:
    sockets = LocalSockets()
    sockets.add("slow", lambda _: False)
    assert sockets.send("slow", b"x") is False


def test_connection_may_remove_itself_while_it_is_sent_to() -> None:
    sockets = LocalSockets()

    def send(_: bytes) -> bool:
        sockets.remove("one")
        return True

    sockets.add("one", send)
    assert [sockets.send("one", b"x"), sockets.send("one", b"x")] == [True, False]
