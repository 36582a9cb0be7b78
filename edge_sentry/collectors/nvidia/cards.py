"""Keeps the child that asks NVIDIA's driver, ends one that hangs, and reads its answers."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

from edge_sentry.cards.figures import Figures, reading_of
from edge_sentry.cards.gaps import unread_cards
from edge_sentry.cards.identity import CardFacts, identified, normal_address
from edge_sentry.collectors.nvidia.driver import Driver
from edge_sentry.collectors.nvidia.process import Answer, CardAnswer, CardFixed, Child, ChildError
from edge_sentry.reading import Reading, merged

ANSWER_S = 4.0
# Without its daemon the driver wakes each card first, which takes a second or more for each.
STARTING_S = 60.0
_STARTING_WAIT_S = 0.2
SHORTEST_PAUSE_S = 60.0
LONGEST_PAUSE_S = 600.0
MOST_ABANDONED = 3
_NO_DRIVER = "a card is there, but not its driver: install that"
_ALL_HANG = f"{MOST_ABANDONED} readings hang in its driver for good: restart the machine"

log = logging.getLogger(__name__)


class NvidiaCards:
    """Each `collect` is one reading; it raises OSError when no child can be started."""

    def __init__(
        self,
        driver: Driver,
        start: Callable[[], Child],
        steady: Callable[[], float],
        answer_s: float = ANSWER_S,
    ) -> None:
        """`answer_s`: how long a child that has answered before may take."""
        self._driver = driver
        self._start = start
        self._steady = steady
        self._answer_s = answer_s
        self._child: Child | None = None
        self._abandoned: list[Child] = []
        self._number = 0
        self._waits_for: int | None = None
        self._started_at = -math.inf
        self._answered = False
        self._hung = 0
        self._again_at = -math.inf
        self._pause_s = SHORTEST_PAUSE_S
        self._trouble: str | None = None
        self._looked_at = -math.inf
        self._card_present = False

    def __call__(self) -> Reading:
        """The same, for the table of sources."""
        return self.collect()

    def collect(self) -> Reading:
        """All of NVIDIA's cards; without card and driver nothing at all, not even a reason."""
        if self._child is None:
            if not self._driver.present():
                return self._without_driver()
            if self._steady() < self._again_at:
                return self._unread(self._trouble or "not read")
            if not self._may_start():
                return self._unread(_ALL_HANG)
        try:
            answer = self._answer(self._child or self._begin())
        except ChildError as error:
            return self._given_up(str(error))
        return self._without_answer() if answer is None else self._read(answer)

    def close(self) -> None:
        """Ends the child, if one runs."""
        if self._child is not None:
            if not self._child.end():
                self._abandoned.append(self._child)
            self._child = None

    def _without_driver(self) -> Reading:
        """Where cards are plugged in is looked up now and then only: it takes hundreds of files."""
        if self._steady() - self._looked_at >= LONGEST_PAUSE_S:
            self._looked_at = self._steady()
            present = self._driver.card_present()
            if present != self._card_present:
                log.info("No NVIDIA driver, %s", "but a card" if present else "and no card")
            self._card_present = present
        return self._unread(_NO_DRIVER) if self._card_present else Reading()

    def _may_start(self) -> bool:
        self._abandoned = [child for child in self._abandoned if not child.ended()]
        return len(self._abandoned) < MOST_ABANDONED

    def _begin(self) -> Child:
        self._child = self._start()
        self._started_at, self._answered, self._waits_for = self._steady(), False, None
        return self._child

    def _answer(self, child: Child) -> Answer | None:
        if self._waits_for is None:
            self._number += 1
            child.ask(self._number)
            self._waits_for = self._number
        answer = child.answer(self._waits_for, self._answer_s if self._answered else _STARTING_WAIT_S)
        if answer is not None:
            self._waits_for, self._answered = None, True
        return answer

    def _without_answer(self) -> Reading:
        age_s = self._steady() - self._started_at
        if not self._answered and age_s < STARTING_S:
            return self._unread("its driver is still starting")
        self._hung += 1
        return self._given_up(f"no answer within {self._answer_s if self._answered else STARTING_S:g} s")

    def _given_up(self, reason: str) -> Reading:
        """The next child only after a while, and each time after a longer one."""
        log.warning("Cannot read NVIDIA's cards: %s; again in %g s", reason, self._pause_s)
        self.close()
        self._trouble = reason
        self._again_at = self._steady() + self._pause_s
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        return self._unread(reason)

    def _read(self, answer: Answer) -> Reading:
        self._hung = 0
        if answer.failure is not None:
            return self._given_up(answer.failure)
        self._pause_s = SHORTEST_PAUSE_S
        if any(card.lost for card in answer.cards) and self._steady() - self._started_at > LONGEST_PAUSE_S:
            self.close()  # only a new one sees a card that is there again
        return reading_of_answer(answer)

    def _unread(self, reason: str) -> Reading:
        return unread_cards("nvidia", reason, hung_readings=self._hung)


def reading_of_answer(answer: Answer) -> Reading:
    """The cards that say which they are with all that they say, and that there are others."""
    known = [(card, card.fixed) for card in answer.cards if card.fixed is not None]
    devices = identified(_facts(fixed, answer.driver) for _, fixed in known)
    figures = (Figures(card.values, card.unread) for card, _ in known)
    reading = reading_of(zip(devices, figures, strict=True))
    lost = {
        device.address: card.failure
        for device, (card, _) in zip(devices, known, strict=True)
        if card.lost and card.failure is not None and device.address is not None
    }
    return merged(reading, Reading(lost=lost), *_nameless(answer.cards))


def _nameless(cards: tuple[CardAnswer, ...]) -> list[Reading]:
    failed = [card for card in cards if card.fixed is None]
    return [unread_cards("nvidia", card.failure or "not read", lost=card.lost) for card in failed]


def _facts(fixed: CardFixed, driver: str | None) -> CardFacts:
    return CardFacts(
        "nvidia",
        name=fixed.name,
        address=None if fixed.address is None else normal_address(fixed.address),
        uuid=fixed.uuid,
        vbios=fixed.vbios,
        driver=driver,
        memory_bytes=fixed.memory_bytes,
    )
