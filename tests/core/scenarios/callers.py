"""Callers as a telephone recogniser transcribes them: lower case, no punctuation, small errors.

The words follow the scripts of `audio_fixtures/manifest.json`; a few callers are new.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Says:
    """One turn; `hears` is the share of each sentence of the reply that is heard, None for all."""

    text: str
    hears: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """A conversation to hold. `number` is None for a withheld one."""

    turns: tuple[Says, ...]
    number: str | None = "+14155550142"
    after_hours: bool = False


def _caller(
    *turns: str | tuple[str, tuple[float, ...]],
    number: str | None = "+14155550142",
    after_hours: bool = False,
) -> Caller:
    said = tuple(Says(t) if isinstance(t, str) else Says(*t) for t in turns)
    return Caller(said, number, after_hours)


CALLERS: dict[str, Caller] = {
    "demo": _caller(
        "hi there i was wondering if does tideline integrated with our snowflake data warehouse",
        "great so we're a healthcare company with about two hundred people and i'm the director"
        " of operations",
        ("okay do you support single sign on", (0.2, 0.0)),
        "sorry what we stop you there how much does the growth plan cost",
        "that sounds fair we need to have this running by next month",
        "another question can it connect to our old main bring computer",
        "sure my name is daniel parker m my number is four one five five five five zero one"
        " four two",
        "no",
        "that's all",
        "thank you for your help goodbye",
    ),
    "pricing": _caller(
        "hello how much is the starter plan for month",
        "and is there a free trial",
        "thanks i'll think about it bye",
        number="+12125550187",
    ),
    "hesitant": _caller(
        "hi um i wanted to ask do you work with big query",
        "okay we are a retail company and we have about eighty people",
        "i think we would want to start in let me see in the second quarter",
        "how long does it usually take to um to get set up",
        "all right thank you goodbye",
        number="+13035550121",
    ),
    "bargein": _caller(
        "yes hello i have a quick question about salesforce",
        ("wait does it sink both ways", (0.3,)),
        ("hold on hold on what about hub spot", (0.3,)),
        ("stop i understand can somebody send me the prices", (0.5,)),
        "thanks bye",
        number="+16175550133",
    ),
    "backchannels": _caller(
        "hi can you tell me how tideline keeps our customer data secure",
        "and what is included in the enterprise plan",
        "and how does the snowflake connection work",
        "that was very helpful thank you goodbye",
        number="+12065550119",
    ),
    "phone_number": _caller(
        "good morning could somebody from sales call me back please",
        "my number is six one seven five five five zero one two eight",
        "no sorry the last four are zero one three eight",
        "yes that's right my name is peter walsh",
        "tomorrow at ten in the morning would be good thank you goodbye",
        number="+442079460123",
    ),
    "email_address": _caller(
        "hello could you send me your security documents",
        "it's maria dot lopez at bright field dot com",
        "lopez is spelled l o p e z",
        "yes that is correct thank you bye bye",
        number="+15125550164",
    ),
    "noisy_line": _caller(
        "hello do you have an integration with data bricks",
        "we are a logistics company with about four hundred people",
        "what does the enterprise plan cost",
        "okay thanks goodbye",
        number="+17025550175",
    ),
    "open_office": _caller(
        "hi does tideline support post gres",
        "i am a data engineer and we are looking at this for our finance team",
        "how often does it sink",
        "thank you bye",
        number="+14045550156",
    ),
    "soft_speaker": _caller(
        "hello can you hear me",
        "i wanted to know whether you are compliant with hipa",
        "yes",
        "we are a small clinic with thirty people",
        "no thank you goodbye",
        number="+19195550148",
    ),
    "first_frame": _caller(
        "hello is this tide line i need to know if you support red shift",
        "and market oh",
        "perfect that's all i needed bye",
        number="+13125550112",
    ),
    "correction": _caller(
        "hi we are a software company with about fifty people",
        "sorry i said that wrong it is five hundred people not fifty",
        "we want to start this month actually no next quarter",
        "i'm the head of data which plan would fit us",
        "great thank you very much goodbye",
        number="+16465550171",
    ),
    "human_please": _caller(
        "can i speak to a real person please",
        "i would rather talk to somebody from sales",
        "okay thank you",
        number="+441315550109",
    ),
    "after_hours": _caller(
        "hi i know it's late is anybody there to talk about a big contract",
        "please call me back tomorrow morning at nine thirty",
        "my name is grace campbell from harbor insurance",
        "yes this number is fine good night",
        number="+13055550138",
        after_hours=True,
    ),
    "unanswerable": _caller(
        "hello can your software run on a submarine",
        "how many employees did you have in nineteen ninety five",
        "do you sell insurance for pets",
        "all right then goodbye",
        number="+15035550193",
    ),
    "fast_talker": _caller(
        "hi i'm the vp of marketing at a travel company we have a thousand people we use red"
        " shift and sales force and i want to know how fast you can sink audiences to google ads",
        "cool can we do a demo this week",
        "great talk soon bye",
        number="+18185550167",
    ),
    "no_recording": _caller(
        "please do not record this call",
        "am i talking to a robot",
        "i see do you store data in europe",
        "thank you goodbye",
        number="+442079460155",
    ),
    "noises": _caller(
        "hello what does tideline do",
        "tell me about the audit log",
        "and what are the rate limits",
        "thanks bye",
        number="+17185550144",
    ),
    "keypad": _caller("could someone call me back i will type my number", number="+17135550129"),
    "ready_buyer": _caller(
        "hi this is sarah from bright path we want to push product usage from big query into"
        " sales force so our reps see it",
        "about three hundred and fifty",
        "i run revenue operations",
        "we'd like to be live before the end of march",
        "yes that would be great",
        "no that's everything thanks",
        number="+12025550101",
    ),
    "snowflake_to_tools": _caller(
        "hey we're trying to sync from snowflake to our business tools can you do that",
        "how is that different from five tran",
        "okay and we need to keep sales force up to date every few minutes",
        "we have maybe sixty people we're a software start up",
        "around six thousand dollars a year",
        "no not now thanks",
        "okay bye",
        number="+15125550110",
    ),
    "sceptic": _caller(
        "i'm just looking around really what do you guys do",
        "hm our engineers could build that in a week",
        "that's too expensive",
        "i don't know yet maybe next year",
        "why do you ask",
        "i'd rather not say",
        "all right i'll have a look at your website bye",
        number="+12125550111",
    ),
    "security_lead": _caller(
        "good afternoon i'm the ciso at a bank we have about four thousand employees",
        "are you sock two certified and do you have iso twenty seven thousand one",
        "is our data encrypted at rest",
        "where is the data stored",
        "who are your sub processors",
        "can you fill in our security questionnaire",
        "we'd be moving customer data from data bricks into sales force and zen desk",
        "okay how do we go on from here",
        "yes please",
        "no that is all",
        number="+12125550112",
    ),
    "interrupter": _caller(
        ("what is included in growth", (0.2, 0.0)),
        ("no wait is there a trial", (0.3, 0.0)),
        ("sorry go on", None),
        "okay and what did you say about growth",
        "good bye",
        number="+12125550113",
    ),
    "operations_manager": _caller(
        "hello um we're a manufacturing company around seven hundred people",
        "we've got our orders in post gres and the sales people never see them in hub spot",
        "i'm the operations manager but my director decides",
        "how long is the set up",
        "in about two months",
        "yeah okay",
        "no",
        "bye bye",
        number="+13125550114",
    ),
    "statements": _caller(
        "we need to have something in place by the end of the quarter",
        "we use red shift",
        "it has to be hipa compliant",
        "our budget is about forty thousand dollars",
        "we're a hospital group of two thousand people",
        "we want to get patient lists into sales force",
        "i'm the chief information officer",
        "sure",
        "that's it thanks",
        number="+16175550115",
    ),
}
