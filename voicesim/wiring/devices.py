"""Finds this machine's own microphone and headphones: by name, those that passed the check last, or the system's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from voicesim.backends.headset import Headset
from voicesim.backends.sound_devices import WITHOUT, DeviceInfo, list_devices
from voicesim.errors import DeviceError
from voicesim.store.devices import Devices, remember_devices, remembered_devices

#: What a device is called to a person.
KINDS = {"input": "microphone", "output": "headphones"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A microphone and headphones that are there now."""

    input: DeviceInfo
    output: DeviceInfo

    def headset(self) -> Headset:
        """Both as one device, not open yet."""
        return Headset(self.input.index, self.output.index)

    @property
    def remembered(self) -> bool:
        """Whether these passed the check last."""
        last = remembered_devices()
        return last is not None and (last.input, last.output) == (self.input.name, self.output.name)

    def remember(self) -> None:
        """Keep both names, with the time. Raises StorageError."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        remember_devices(Devices(input=self.input.name, output=self.output.name, checked_utc=now))


def usual_devices() -> Chosen:
    """The devices that passed the check last where they are there, else the system's own. Raises DeviceError."""
    devices, last = list_devices(), remembered_devices()
    inputs = [device for device in devices if device.inputs]
    outputs = [device for device in devices if device.outputs]
    last_input, last_output = (last.input, last.output) if last else (None, None)
    return Chosen(input=usual(inputs, "input", last_input)[0], output=usual(outputs, "output", last_output)[0])


def usual(devices: Sequence[DeviceInfo], kind: str, last: str | None) -> tuple[DeviceInfo, bool]:
    """The device of the name ``last``, else the system's own; and whether it is the one of that name.

    Raises DeviceError where there is none at all.
    """
    if not devices:
        raise DeviceError(
            f"no {KINDS[kind]} was found", mend=f"Plug a headset in, then run voicesim doctor; or {WITHOUT}"
        )
    known = [device for device in devices if device.name == last]
    own = [device for device in devices if device.default_input and kind == "input"]
    own += [device for device in devices if device.default_output and kind == "output"]
    return [*known, *own, *devices][0], bool(known)


def named(devices: Sequence[DeviceInfo], wanted: str, kind: str) -> DeviceInfo:
    """The device of that index, name or part of a name; a name that stands several times means the system's own choice.

    Raises DeviceError, with the names there are, if none or several fit.
    """
    parts = [device for device in devices if wanted.casefold() in device.name.casefold()]
    exact = [device for device in devices if device.name == wanted or str(device.index) == wanted]
    fitting = exact or parts
    names = {device.name for device in fitting}
    if len(names) != 1:
        there = ", ".join(dict.fromkeys(device.name for device in (fitting or devices)))
        what = f"'{wanted}' names no {KINDS[kind]}" if not names else f"'{wanted}' names several"
        raise DeviceError(what, mend=f"Choose one of: {there}.")
    return next((device for device in fitting if device.default_input or device.default_output), fitting[0])
