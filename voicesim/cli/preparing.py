"""Before a call: what the settings ask for, which headset and baseline it is held with."""

from dataclasses import replace

from rich.console import Console

from voicesim.cli.calibrate import calibrate_with
from voicesim.cli.frame import note, without_chatter
from voicesim.cli.headset import check_if_new, choose_devices
from voicesim.cli.holding import hold_headset
from voicesim.cli.loading import ready
from voicesim.cli.taking import Microphone, TerminalGuide, asks, leaving
from voicesim.errors import InputError, UsageError
from voicesim.model import RATE_HZ, Baseline
from voicesim.ports import Recognizer
from voicesim.settings import Settings
from voicesim.sound import ring
from voicesim.store.baselines import baseline_for
from voicesim.store.places import refuse_used
from voicesim.wiring.devices import Chosen
from voicesim.wiring.plan import Plan

#: How often the phone rings before the call is taken for somebody at a keyboard.
_RINGS = 4


def practise_on_headset(plan: Plan, settings: Settings, wanted_input: str | None, wanted_output: str | None) -> None:
    """Choose the headset (checked the first time), find or make the baseline, then hold the call.

    Raises DeviceError without a headset, UsageError if push-to-talk has no keyboard, and what holding raises.
    """
    refuse_used(plan.out)
    if plan.manner.push_to_talk and not asks():
        raise UsageError("push-to-talk needs a keyboard", mend="Run this in a terminal, or add --open-mic.")
    console = Console(highlight=False)
    with without_chatter():
        chosen = choose_devices(wanted_input, wanted_output, console)
        # One that does not open says so before anybody waits for a model.
        chosen.headset().open(RATE_HZ).close()
        recognizer = ready(plan.recognizer, plan.script.language)
        _check(chosen, recognizer, console)
        baseline = plan.baseline or _baseline(plan.trainee, chosen, recognizer, console)
    manner = replace(plan.manner, ring=ring(RATE_HZ, _RINGS if asks() else 1))
    names = {"input": chosen.input.name, "output": chosen.output.name}
    held = replace(plan, baseline=baseline, manner=manner, captions=settings.captions)
    hold_headset(held, chosen.headset(), names, recognizer)


def _check(chosen: Chosen, recognizer: Recognizer, console: Console) -> None:
    """Check a headset that is new; with nobody at a keyboard it is only told that nobody has."""
    if not asks() and not chosen.remembered:
        note("This headset has not been checked: voicesim headset")
        return
    check = check_if_new(chosen, recognizer, console)
    if check is not None and not check.usable:
        with leaving(console):
            TerminalGuide(console, moving=False).key("You can mend that first.", {"": "go on as it is"})


def _baseline(trainee: str, chosen: Chosen, recognizer: Recognizer, console: Console) -> Baseline | None:
    """The trainee's own baseline through this headset, which is made now if they like; None goes without."""
    found = baseline_for(trainee, chosen.input.name)
    if found is not None:
        return found
    if not asks():
        note("Your own voice is not known yet, so how you sound is not judged: voicesim calibrate")
        return None
    console.print("Your own neutral voice is not known yet. After three sentences it can be told how you sound.")
    if console.input("Enter to read them now, s to skip: ").strip().lower().startswith("s"):
        return None
    microphone = Microphone(chosen.headset(), chosen.input.name, console, moving=console.is_terminal)
    try:
        return calibrate_with(microphone, recognizer, console, trainee=trainee)
    except InputError as error:
        console.print(f"{error} The call goes on without it.", markup=False)
        return None
