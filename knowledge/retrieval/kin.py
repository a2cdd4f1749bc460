"""Synonyms in buyers' language, words and phrases, whatever the company sells."""

from functools import cache

_KIN = """
price cost pricing fee charge pay rate spend
expensive pricey steep costly dear
cheap affordable inexpensive cheaper
cheapest smallest lowest entry tiniest
biggest largest highest
cancel terminate quit leave bail
safe secure security trust
setup install installation implement implementation onboard onboarding deploy deployment rollout
city town locate located headquarters headquartered hq
login signin logon signon
begin start launch
delete remove erase wipe forget forgotten purge
store keep save retain hold hang
annual annually yearly year
monthly month
against versus compare
extra additional more
over exceed beyond past surpass overrun
connector destination integration tool
latency delay lag
warranty guarantee
size volume capacity
quote offer quotation estimate
incentive rebate subsidy grant
house home residential condo apartment
shovel clear plow
roi return payback
finance loan credit
better difference advantage benefit different
engineer developer programmer
technician engineer
phone telephone call
test trial try
hard difficult painful easy tough simple
fast quick speed rapid
client customer
reference testimonial
invoice bill billing
bill cost price
info information
break broke broken smash crack shatter damage wreck ruin
staff reps colleagues employees people headcount
documentation docs doc manual handbook
train training teach course tutorial lesson class workshop schooling
contract agreement
discount cheaper rebate concession bargain coupon promo
negotiate negotiable haggle
monitor monitoring observability
alert notify notification warn warning
fail failure break broken error crash
reject refuse decline
duplicate dupe
datacenter hosted host hosting server
compare comparison versus vs
competitor alternative
encrypt encryption encrypted
certified certification certificate compliant compliance comply accredited
permission access role privilege
approve approval
user seat
employee staff
limit cap maximum max quota ceiling
trial pilot evaluation poc
schedule interval
refresh update
migrate migration switch move
audit trail
refund reimburse moneyback
uptime availability downtime outage reliable reliability
demo demonstration walkthrough presentation
send push write export share
load ingest import pull replicate read fetch extract
upload import
field column attribute property
issue problem trouble ticket case
vendor provider supplier tool
limit restrict
build built create make
bank banking
country countries abroad overseas
brochure flyer leaflet datasheet
renew renewal
upgrade downgrade
api sdk
plan tier package edition
email mail
credential password key login
authentication authenticate login
worry worried nervous concern concerned afraid uneasy anxious fear
hospital clinic medical patient healthcare
store shop retailer retail merchant
factory manufacturer manufacturing
insurer insurance
university college academic academia
nonprofit charity ngo
startup founder
agency consultancy consultant
lawyer attorney legal counsel
roadmap upcoming
sandbox staging
schema structure
row record
segment audience
hourly hour
daily day
weekly week
live realtime instant immediate streaming
permanent lifetime
deliver delivery ship shipping shipment dispatch
arrive arrival delivery
buy purchase order procure
sell supply stock
repair fix maintenance servicing
spare replacement
noise noisy loud quiet sound decibel
cold cool cooled cooling refrigerate refrigerated refrigeration chilled frozen fridge cooler
electricity power energy grid
consumption consume use
blackout powercut
sterilize sterilise disinfect decontaminate sanitize
precise precision accurate accuracy exact
rpm revolution
spin rotate rotation
litre liter
gram kilogram kilo kg
degree temperature
tax vat
noticeperiod notice
hq headquarters
staff crew
reply respond response answer
urgent emergency critical
change swap exchange replace
uk britain england kingdom
usa america states
lost gone
onsite visit
support helpdesk helpline
webpage website site
trace traceable track audit history
announce publish communicate inform
reject refuse bounce fail
dedupe deduplicate duplicate merge
alert notify page ping
linger remain stay keep store
auditor audit audited
transfer carry move migrate port
stop end cancel leave exit quit
edit change modify alter amend adjust
drawback downside limitation caveat
firm company business organization organisation
paperwork document paper
regulation law legal
machine server hardware
prorate prorated proportion
dearer expensive costlier
outage downtime incident
weekend saturday sunday
evening night
language portuguese french german spanish italian dutch polish japanese chinese hindi arabic
currency dollar euro pound franc krona yen
format csv xlsx excel json parquet xml
payment card transfer wire
colour color
guarantee promise commit
scale grow growth
rollback undo revert restore
preview dryrun simulate
slow slowly sluggish
big large huge
small little tiny compact
heavy weigh weight
wide width tall height dimension footprint
long length duration
ceo founder owner boss management
wrong incorrect bad
hire recruit
meeting call appointment
rows records entries lines
automatic automatically automate automated
manual manually
visible see view show display
hidden hide mask
private confidential personal
share forward
speed throughput performance
team department
expire expiry
minimum least lowest
reliable dependable robust
region location geography
website site page
learn teach train
experience expertise
scan check inspect
history log record
filter select subset
combine join merge
"""

_PHRASES = """
announce: let us know, let you know, let people know
rollback: roll back, go back to, take back a change
notify: get told, be told, hear about it
cancel: get out early, get out, pull out, end early
staging: before going live, try changes, safe place
native: out of the box
minimum: at least, no less than
insurancecertificate: certificate of insurance, insurance certificate, proof of insurance
insurancecertificate: cyber insurance, liability insurance
onboarding: ramp up, ramping up, ramped up, are live, is live, am live
onboarding: be live, being live, get live
handle: deal with, deals with, dealing with, cope with, copes with
worthwhile: worth it, worth the money, worth the price, worth the cost
login: log in, log on, sign in, sign on, log into, logging in, signing in
setup: set up, set it up, setting up, set this up, set us up
rollout: roll out, roll it out
refund: money back
return: send back, sends back, sent back, sending back, comes back, coming back, bring back
return: brings back, brought back
discount: knock off, knock something off, wiggle room, better deal, better price, special price
discount: comes off, come off, slack on the price, any slack, sharpen your pencil
discount: come down on price, room on the price, price break, take something off, special offer
discount: room to come down, come down a bit, come down a little
cost: set us back, set me back, run us, price tag, run me, going rate
cost: what is the damage, what is the tab, what is the ticket, what is the hit
cancel: get out of, back out, call off, walk away
exceed: go over, goes over, going over, go past, run over, blow through, run out of, use up
exceed: go beyond, went over, hit the limit, hit our limit, reach the limit
keep: hold on to, hang on to, hold onto, hang onto
reference: case study, case studies, success story, success stories, who else uses
roadmap: road map, coming soon, coming next, in the works, coming up
datacenter: data center, data centre, data centers, data centres
powercut: lights go out, lights are out, lights out, grid goes down, grid is down, grid down
powercut: power cut, power failure, power outage, power fails, power goes, without power
powercut: without electricity, power cuts, power failures, loses power
hosted: is kept, are kept
duplicate: double entries, twice
onpremise: on premise, on premises, on prem, own servers, self host, self hosted, self hosting
onpremise: own hardware, own infrastructure, own data center, host it ourselves, run it ourselves
inhouse: in house, build it ourselves, build this ourselves, build it myself, do it ourselves
bidirectional: both ways, both directions, two way, bi directional, other direction, other way
realtime: real time, up to the minute, right away, as it happens
website: web site, home page
daytoday: day to day
staging: test environment, dev environment
alwayson: twenty four seven, around the clock, 24 7, round the clock, 24 hours, at night
livechat: live chat
backup: back up, backs up, backed up, backing up
plugin: plug in, plug ins, add on, add in, browser extension
upgrade: move up, step up
downgrade: move down, step down, go down a
onboarding: up and running, go live, going live, get going, getting started, get started
csv: c s v
faq: f a q
onsite: on site
leadtime: lead time
certified: c e mark
allowlist: allow list, white list, whitelist, allow listed
compare: stack up, measure up
brochure: something to read, something to forward, fact sheet, data sheet
trial: test drive, try out, try it, trial period, free trial, proof of concept, take it for a spin
documentation: user guide, help pages, knowledge base
"""


def kin_groups() -> list[list[str]]:
    """Groups of interchangeable words."""
    return [line.split() for line in _KIN.strip().splitlines()]


@cache
def phrases() -> dict[tuple[str, ...], str]:
    """Phrases that mean the same as one word: `("money", "back")` is a `refund`."""
    found: dict[tuple[str, ...], str] = {}
    for line in _PHRASES.strip().splitlines():
        word, said = line.split(": ")
        for phrase in said.split(", "):
            found[tuple(phrase.split())] = word
    return found
