"""A drill with one's voice over the sound of the page: her line sounds, the answer is taken and judged at once."""

from dataclasses import replace

from voicesim.coach.drills import Drill
from voicesim.errors import UsageError
from voicesim.store.baselines import baseline_for
from voicesim.store.browser_headsets import headset_name
from voicesim.web.desk import Desk
from voicesim.web.dialogue import Dialogue, PageGuide
from voicesim.web.drill_runs import RUNS, Ask, DrillRun
from voicesim.web.link import SoundLink
from voicesim.wiring.drilling import spoken_answer
from voicesim.wiring.engines import Lines, with_takes
from voicesim.wiring.guide import Left
from voicesim.wiring.taking import Microphone, converse, opened, silence

_SIGNS = {"+": "Right: ", "-": "Not yet: ", "?": ""}


class DrillingAloud(Dialogue):
    """A spoken drill under way."""

    def __init__(self, desk: Desk, drill: Drill) -> None:
        super().__init__(self._practise)
        self._desk, self._drill = desk, drill

    def _practise(self, guide: PageGuide, link: SoundLink) -> str:
        guide.tell("One moment, what hears you is being loaded.")
        recognizer, headset = self._desk.recognizer(), headset_name(link.label)
        own = baseline_for(self._desk.trainee, headset) if self._drill.needs_sound else None
        rate_sps = own.articulation_rate_sps if own is not None else None
        if self._drill.needs_sound and not rate_sps:
            mend = "Calibrate your voice with this headset first."
            raise UsageError("pace is compared with your own neutral voice, which is not known", mend=mend)
        run = DrillRun(self._drill, self._desk.trainee, own_sps=rate_sps)
        key, taker = RUNS.add(run), Microphone(link, headset, guide)
        guide.tell(self._drill.ask)
        try:
            while (ask := run.ask) is not None:
                self._say(guide, link, ask)
                transcript, heard, rate = spoken_answer(taker.take(), ask.place, recognizer, own)
                guide.tell(f"You: “{transcript.text}”" if transcript.text else "Nothing was recognized.")
                judged = run.take_heard(transcript.text, heard, rate)
                for sign, words in judged.rows if judged is not None else ():
                    guide.tell(f"{_SIGNS[sign]}{words}")
                if judged is not None and judged.better is not None:
                    guide.tell(f"Try: “{judged.better}”")
        except Left:
            # Who leaves keeps what was answered.
            run.end()
            if run.settled is None:
                raise
        finally:
            run.end()
        return f"/drills/runs/{key}"

    def _say(self, guide: PageGuide, link: SoundLink, ask: Ask) -> None:
        script = with_takes(ask.script)
        line = replace(ask.place.line, take=script.takes.get(ask.place.line.id))
        guide.tell(f"{script.caller.name}, {line.mood}: “{line.text}”")
        guide.tell(f"You know: {', '.join(ask.known)}.")
        sound = Lines(script).sound(line)
        with opened(link) as duplex:
            converse(duplex, sound)
            converse(duplex, silence(0.2 + link.latency_s))
