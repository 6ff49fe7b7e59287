"""Whether a stop word would end an exercise that nobody wants to stop: it is a phrase of ordinary replies. Pure."""

import re
from collections.abc import Iterator

from voicesim.script.codes import Problem
from voicesim.script.model import Script

#: Words of ordinary replies: what is made of these alone will be said sooner or later.
_ORDINARY = frozenset(
    """
    a able about absolutely account actually address afraid after again agree all almost along already also always am
    amount an and angry another answer any anybody anything apologies apologise apologize apology appreciate are around
    as ask at away back bad be because been before being believe best better between bill both bring business but by
    bye call called caller calling calm can cancel cannot card care case caused certainly change charge check choose
    clear close code colleague come complaint complete confirm connect correct could course credit customer date day
    days deal deliver delivery department details did different difficult do does doing done down due each early email
    end ended ending enough euro euros even ever every everything exactly explain fair family far feel few file fill
    find fine first fix follow for form forward frustrated frustrating full further get getting give glad go goes going
    good goodbye got great had hang happen happened happening hard has have he hear hello help helpful her here hi him
    his hold home hope hour hours how however i if in inconvenience information instead into invoice is issue it its
    just keep kind know last late later least leave less let letter like line listen listening little long look looking
    lost lot made mail make manager many matter may maybe me mean meant message might mind minute minutes miss mistake
    moment money month more morning most move much must my myself name need never new next nice no not note nothing now
    number of off offer office okay ok old on once one only open option or order other our out over own paid part past
    patience pause pay payment people perfect perhaps person phone place please point possible pounds prefer problem
    process promise promised proper put question questions quick quickly quite rather read ready really reason receive
    received record reference refund regret request resolve right ring rude said same saw say screen second see seem
    send sent service set she should show shout shouting sign sir situation slow slowly small so solution solve some
    somebody someone something soon sorry sort speak speaking start stay step still stop straight such supervisor sure
    swear swearing system take taking talk team tell terrible than thank thanks that the their them then there these
    they thing things think this those through time times to today together told tomorrow too transfer true try trying
    turn two under understand until up upset us use very wait waited waiting want was way we week weeks well went were
    what when where which while who why will wish with without word words work working worried would write wrong yeah
    yes yesterday yet you your yours yourself
    ll ve re d m s t don didn doesn won isn aren wasn weren haven hasn couldn wouldn shouldn
    """.split()
)


def ordinary_stop_word(script: Script) -> Iterator[Problem]:
    """A problem if the stop word is said in ordinary replies, or is in a phrase that this script itself waits for."""
    wanted = _words(script.stop_word)
    if not wanted:
        return
    expected = next((phrase for phrase in _expected(script) if _holds(_words(phrase), wanted)), None)
    if expected is not None:
        why = f"the script itself waits for '{expected}'"
    elif all(word in _ORDINARY for word in wanted):
        why = "trainees say it in ordinary replies"
    else:
        return
    what = f"the stop word '{script.stop_word}' would end calls that nobody wants to stop: {why}"
    mend = "Take a word that does not belong into a call, for example 'red pineapple'."
    yield Problem(code="VS014", line=1, what=what, mend=mend)


def _expected(script: Script) -> Iterator[str]:
    """What a good reply to this script holds: its phrases, offers, facts and names, as somebody says them."""
    yield from script.phrases()
    briefing = script.briefing
    for named in (briefing.may_offer, briefing.may_not):
        for name, phrases in named.items():
            yield name
            yield from phrases
    yield from script.caller.facts.values()
    yield script.caller.name
    yield briefing.you_are


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _holds(words: list[str], wanted: list[str]) -> bool:
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))
