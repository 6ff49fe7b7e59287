#!/usr/bin/env bash
# A headset made of software, for machines without a sound card: a private PulseAudio with two null sinks.
#
#   tests/headset.sh run COMMAND..    the command with the headset as its only sound device; gives its exit code
#   tests/headset.sh start FOLDER     a server that stays; FOLDER/env holds the variables a program needs, FOLDER/pid its id
#   tests/headset.sh stop FOLDER      ends exactly that server; start may follow, on the same socket
#   tests/headset.sh unplug FOLDER    takes microphone and headphones away from that server
#   tests/headset.sh plug FOLDER      brings them back
#   tests/headset.sh loopback FOLDER on|off    what the ears get goes into the microphone as well
#
# In the headset:  paplay --device=trainee_in reply.wav          speaks into the microphone
#                  parec --device=caller_out.monitor             is what the trainee's ears get
#
# FOLDER must be private and its path short: a UNIX socket lies in it (at most 107 characters).
# HEADSET_RATE is the rate of both ends in Hz (48000). Debian packages: see $packages.
set -euo pipefail

packages="pulseaudio pulseaudio-utils libportaudio2 libasound2-plugins"

fail() {
  echo "headset.sh: $1" >&2
  exit "${2:-1}"
}

# The modules that make the headset, in order. norewinds: a null sink that may rewind refuses to open now and then.
modules() {
  local sink="module-null-sink rate=${HEADSET_RATE:-48000} channels=1 channel_map=mono norewinds=1"
  echo "$sink sink_name=caller_out sink_properties=device.description=caller_out"
  echo "$sink sink_name=trainee_in sink_properties=device.description=trainee_in"
  echo "module-remap-source source_name=trainee_mic master=trainee_in.monitor source_properties=device.description=trainee_mic"
}

server_script() {
  echo .fail
  echo "load-module module-native-protocol-unix auth-anonymous=1 socket=$1/socket"
  modules | sed 's/^/load-module /'
  echo "set-default-sink caller_out"
  echo "set-default-source trainee_mic"
}

# PortAudio speaks ALSA; this makes PulseAudio its default device, and the only one with a hint to show.
alsa_settings() {
  cat <<ALSA
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse hint { show on description "virtual headset" } }
ctl.!default { type pulse }
ALSA
}

variables() {
  cat <<ENV
PULSE_SERVER=unix:$1/socket
PULSE_RUNTIME_PATH=$1
PULSE_STATE_PATH=$1
PULSE_COOKIE=$1/cookie
PULSE_SINK=caller_out
PULSE_SOURCE=trainee_mic
ALSA_CONFIG_PATH=$1/asound.conf
ENV
}

in_headset() { # FOLDER COMMAND..
  local folder=$1
  shift
  env $(cat "$folder/env") "$@"
}

start() {
  local folder
  command -v pulseaudio pactl >/dev/null || fail "PulseAudio is not there. Run: apt-get install $packages" 3
  mkdir -p "$1"
  folder=$(cd "$1" && pwd)
  [ ${#folder} -le 100 ] || fail "the path $folder is too long for a socket"
  chmod 700 "$folder"
  server_script "$folder" >"$folder/server.pa"
  alsa_settings >"$folder/asound.conf"
  variables "$folder" >"$folder/env"
  # env becomes the server, so $! is the server's own id; in a function it would be a subshell's.
  env $(cat "$folder/env") HOME="$folder" XDG_RUNTIME_DIR="$folder" DBUS_SESSION_BUS_ADDRESS=disabled: \
    pulseaudio -n -F "$folder/server.pa" --daemonize=no --use-pid-file=no --exit-idle-time=-1 \
    --realtime=yes --high-priority=yes --log-level=warn </dev/null >"$folder/log" 2>&1 &
  local pid=$!
  echo $pid >"$folder/pid"
  disown
  for _ in $(seq 100); do
    if in_headset "$folder" pactl info >/dev/null 2>&1; then return; fi
    # Not alive(): before its exec, the child still has the command line of this script.
    kill -0 $pid 2>/dev/null || break
    sleep 0.1
  done
  kill $pid 2>/dev/null || true
  fail "PulseAudio did not start: $(cat "$folder/log")"
}

# By its command line, so that neither a dead server nor another program with the same id is taken for it.
alive() { # FOLDER PID
  grep -qaF "$1/server.pa" "/proc/$2/cmdline" 2>/dev/null
}

stop() {
  local folder pid
  [ -e "$1/pid" ] || return 0
  folder=$(cd "$1" && pwd)
  pid=$(cat "$folder/pid")
  rm -f "$folder/pid"
  if alive "$folder" "$pid"; then kill "$pid" && kill -CONT "$pid" || true; fi 2>/dev/null
  for _ in $(seq 50); do
    alive "$folder" "$pid" || return 0
    sleep 0.1
  done
  kill -9 "$pid" || true
}

unload() { # FOLDER PATTERN
  in_headset "$1" pactl list short modules | sort -rn | awk -v names="$2" '$2 ~ names { print $1 }' |
    while read -r module; do in_headset "$1" pactl unload-module "$module"; done
}

unplug() {
  unload "$1" 'module-(null-sink|remap-source|loopback)'
}

plug() {
  modules | while read -r module; do in_headset "$1" pactl load-module $module >/dev/null; done
  in_headset "$1" pactl set-default-sink caller_out
  in_headset "$1" pactl set-default-source trainee_mic
}

loopback() { # FOLDER on|off
  unload "$1" module-loopback
  [ "$2" = off ] ||
    in_headset "$1" pactl load-module module-loopback source=caller_out.monitor sink=trainee_in latency_msec=20 >/dev/null
}

run() {
  local folder
  folder=$(mktemp -d /tmp/headset.XXXXXX)
  trap "stop '$folder'; rm -rf '$folder'" EXIT
  start "$folder"
  in_headset "$folder" "$@"
}

case "${1:-}/$#" in
  start/2 | stop/2 | unplug/2 | plug/2 | loopback/3) "$@" ;;
  run/1) fail "usage: headset.sh run COMMAND.." 2 ;;
  run/*) shift; run "$@" ;;
  *) fail "usage: headset.sh run COMMAND.. | start FOLDER | stop FOLDER | unplug FOLDER | plug FOLDER | loopback FOLDER on|off" 2 ;;
esac
