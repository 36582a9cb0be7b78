"""Letters go out by the clock, once; a mail server that is away loses none for a day."""

from __future__ import annotations

import logging

import pytest

from cloud.domain.letters import LetterKind, LetterOrder
from cloud.domain.policy import DAY_S
from cloud.ports import StoreUnavailable
from cloud.usecases.invite_person import invite_person
from cloud.usecases.look_at_invitation import look_at_invitation
from cloud.usecases.post_letter import post_letter
from cloud.usecases.reset_password import reset_password
from cloud.usecases.send_letters import TRIES_MAX, send_letters
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.letters import outbox, secret_of, with_mail
from wire.people import InvitationRequest, Role

RESET = LetterOrder(LetterKind.RESET, OWNER)


def test_link_in_the_letter_works(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    post_letter(ports, RESET)
    assert mail.sent == []
    send_letters(ports)
    (letter,) = mail.sent
    assert letter.to == OWNER
    reset_password(ports, secret_of(letter, "reset"), "quite-another")
    assert outbox(world) == []
    send_letters(ports)
    assert len(mail.sent) == 1


def test_secret_of_a_link_lies_nowhere_before_or_after(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    post_letter(ports, RESET)
    send_letters(ports)
    secret = secret_of(mail.sent[0], "reset")
    assert all(secret not in f"{item}" for item in world.store.items.values())


def test_nothing_goes_to_whom_has_no_account(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    post_letter(ports, LetterOrder(LetterKind.RESET, "nobody@example.test"))
    send_letters(ports)
    assert (mail.tried, outbox(world)) == (0, [])


def test_invitation_goes_to_its_address(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    invited = invite_person(ports, farm.farm, OWNER, InvitationRequest(Role.VIEWER, None, "ann@example.test"))
    assert invited.mailed
    send_letters(ports)
    (letter,) = mail.sent
    assert letter.to == "ann@example.test"
    assert 'invites you to the farm "North"' in letter.text
    offer = look_at_invitation(ports, secret_of(letter, "invitation"))
    assert (offer.farm_name, offer.email) == ("North", "ann@example.test")


def test_invitation_that_is_open_no_more_is_not_sent(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    post_letter(ports, LetterOrder(LetterKind.INVITATION, "ann@example.test", farm.farm, "invitation_9"))
    send_letters(ports)
    assert (mail.tried, outbox(world)) == (0, [])


def test_server_that_is_away_is_asked_less_and_less_then_the_letter_is_given_up(
    world: World, farm: Farm, caplog: pytest.LogCaptureFixture
) -> None:
    ports, mail = with_mail(world)
    mail.away = "the server is away"
    post_letter(ports, RESET)
    tried_at = []
    for minute in range(24 * 60):
        before = mail.tried
        send_letters(ports)
        if mail.tried > before:
            tried_at.append(minute)
        world.clock.advance(60)
    assert tried_at == [2**number - 1 for number in range(TRIES_MAX)]
    assert outbox(world) == []
    assert "given up after 10 tries" in caplog.text
    assert OWNER not in caplog.text


def test_letter_goes_out_when_the_server_is_back(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    mail.away = "the server is away"
    post_letter(ports, RESET)
    send_letters(ports)
    mail.away = None
    send_letters(ports)
    assert mail.sent == []
    world.clock.advance(60)
    send_letters(ports)
    assert len(mail.sent) == 1


def test_a_round_ends_at_a_letter_that_fails_and_the_next_goes_on_behind_it(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    emails = [OWNER, *(world.farm(f"F{n}", f"{n}@example.test").email for n in range(3))]
    for email in emails:
        post_letter(ports, LetterOrder(LetterKind.RESET, email))
    mail.away = "no such mailbox"
    send_letters(ports)
    assert mail.tried == 1
    mail.away = None
    send_letters(ports)
    assert len(mail.sent) == len(emails) - 1


def test_a_refused_letter_holds_up_no_other(
    world: World, farm: Farm, caplog: pytest.LogCaptureFixture
) -> None:
    ports, mail = with_mail(world)
    emails = [OWNER, *(world.farm(f"F{n}", f"{n}@example.test").email for n in range(3))]
    for email in emails:
        post_letter(ports, LetterOrder(LetterKind.RESET, email))
    mail.refused = {emails[0]: True, emails[1]: False}
    send_letters(ports)
    assert {letter.to for letter in mail.sent} == set(emails[2:])
    (waiting,) = outbox(world)
    assert (waiting.email, waiting.tries) == (emails[1], 1)
    assert "given up, for it was refused: no such mailbox" in caplog.text
    assert not [email for email in emails if email in caplog.text]


def test_resets_go_before_invitations(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    invite_person(ports, farm.farm, OWNER, InvitationRequest(Role.VIEWER, None, "ann@example.test"))
    post_letter(ports, RESET)
    send_letters(ports)
    assert [letter.to for letter in mail.sent] == [OWNER, "ann@example.test"]


def test_letter_of_yesterday_is_given_up(world: World, farm: Farm, caplog: pytest.LogCaptureFixture) -> None:
    """Where mail was not set up, or nobody's clock ran."""
    ports, mail = with_mail(world)
    post_letter(ports, RESET)
    world.clock.advance(DAY_S)
    with caplog.at_level(logging.ERROR):
        send_letters(ports)
    assert (mail.tried, outbox(world)) == (0, [])
    assert "given up" in caplog.text


def test_of_two_rounds_at_once_one_sends(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    post_letter(ports, RESET)
    world.store.interruptions = [lambda: send_letters(ports)]
    send_letters(ports)
    assert len(mail.sent) == 1


def test_round_that_is_cut_short_sends_nothing_twice_at_once(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    post_letter(ports, RESET)
    # Query of the resets, claim, the account, the link's secret; then the letter goes out, and its order.
    world.store.failures = [None, None, None, None, StoreUnavailable("gone")]
    with pytest.raises(StoreUnavailable):
        send_letters(ports)
    assert len(mail.sent) == 1
    send_letters(ports)
    assert len(mail.sent) == 1


def test_without_mail_nothing_is_read(world: World, farm: Farm) -> None:
    post_letter(world.ports, RESET)
    world.store.calls.clear()
    send_letters(world.ports)
    assert world.store.calls == []


def test_a_long_round_leaves_the_rest_to_the_next(world: World) -> None:
    ports, mail = with_mail(world)
    for number in range(10):
        world.farm(f"F{number}", f"{number}@example.test")
        post_letter(ports, LetterOrder(LetterKind.RESET, f"{number}@example.test"))
    slow = mail.send

    def send(letter: object) -> None:
        world.clock.advance(7)
        slow(letter)  # type: ignore[arg-type]

    mail.send = send  # type: ignore[method-assign]
    send_letters(ports)
    assert len(mail.sent) == 3
