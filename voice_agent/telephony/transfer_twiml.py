"""TwiML of a transfer: for the caller who waits, and for the person who is rung. Pure."""

from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, VoiceResponse

ANSWERED_S = 8
"""How long a person has to press a key after the brief."""
HOLD_PAUSE_S = 8
AGAIN_S = 3
ROOT = "/twilio/transfer"


@dataclass(frozen=True, slots=True)
class Ways:
    """The URLs of one transfer, absolute."""

    base: str
    transfer_id: str

    def url(self, what: str) -> str:
        """Where Twilio asks or tells `what` of this transfer."""
        return f"{self.base}{ROOT}/{self.transfer_id}/{what}"


def held(ways: Ways) -> VoiceResponse:
    """The caller waits in a conference which the person starts, and which ends with either."""
    answer = VoiceResponse()
    dial = Dial(action=ways.url("done"))
    dial.conference(
        ways.transfer_id,
        start_conference_on_enter=False,
        end_conference_on_exit=True,
        wait_url=ways.url("hold"),
        wait_method="POST",
        beep="false",
        max_participants=2,
    )
    answer.append(dial)
    return answer


def rung(ways: Ways, phone: str, caller_id: str, ring_s: int) -> VoiceResponse:
    """The person's telephone rings and they are joined when they answer; what becomes of it is
    told."""
    answer = VoiceResponse()
    dial = Dial(action=ways.url("done"), timeout=ring_s, caller_id=caller_id or None)
    dial.number(phone, status_callback=ways.url("rep"), status_callback_event="answered")
    answer.append(dial)
    return answer


def waiting(words: str, music: str) -> VoiceResponse:
    """What one who waits hears; Twilio asks again when it is over."""
    answer = VoiceResponse()
    answer.say(words)
    if music:
        answer.play(music)
    else:
        answer.pause(length=HOLD_PAUSE_S)
    return answer


def asked(ways: Ways, brief: str) -> VoiceResponse:
    """The person hears who it is, and presses 1 for them. A machine presses nothing."""
    answer = VoiceResponse()
    gather = answer.gather(
        num_digits=1,
        timeout=ANSWERED_S,
        action=ways.url("answer"),
        action_on_empty_result=True,
    )
    gather.say(f"{brief} To take the call, press 1. If you can't, press 2.")
    return answer


def joined(ways: Ways) -> VoiceResponse:
    """The person comes into the caller's conference, which ends when they leave."""
    answer = VoiceResponse()
    dial = Dial()
    dial.conference(
        ways.transfer_id,
        start_conference_on_enter=True,
        end_conference_on_exit=True,
        beep="false",
        max_participants=2,
    )
    answer.append(dial)
    return answer


def again(url: str) -> VoiceResponse:
    """The same once more in a moment."""
    answer = VoiceResponse()
    answer.pause(length=AGAIN_S)
    answer.redirect(url)
    return answer
