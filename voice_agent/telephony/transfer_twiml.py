"""A transfer's TwiML: for the waiting caller, and for the person being called. Pure."""

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
        """The URL of one of this transfer's webhooks."""
        return f"{self.base}{ROOT}/{self.transfer_id}/{what}"


def held(ways: Ways) -> VoiceResponse:
    """The caller waits in a conference that the person starts, and that ends with either."""
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
    """Ring the person and join them when they answer; status callbacks report the outcome."""
    answer = VoiceResponse()
    dial = Dial(action=ways.url("done"), timeout=ring_s, caller_id=caller_id or None)
    dial.number(phone, status_callback=ways.url("rep"), status_callback_event="answered")
    answer.append(dial)
    return answer


def waiting(words: str, music: str) -> VoiceResponse:
    """What a waiting caller hears; Twilio fetches it again when it is over."""
    answer = VoiceResponse()
    answer.say(words)
    if music:
        answer.play(music)
    else:
        answer.pause(length=HOLD_PAUSE_S)
    return answer


def asked(ways: Ways, brief: str) -> VoiceResponse:
    """The person hears who is calling, and presses 1 to accept. A machine presses nothing."""
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
    """The person joins the caller's conference, which ends when they leave."""
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
    """Fetch the same again in a moment."""
    answer = VoiceResponse()
    answer.pause(length=AGAIN_S)
    answer.redirect(url)
    return answer
