#!/usr/bin/env bash
# asterisk.sh [DIR]: a real Asterisk 22 and SIPp from Debian's archive in a root of their own; no package of the machine changes. It prints the root.
# DIR (default: ~/.cache/belwacht/asterisk) is made once, some 400 MB, and used again. BELWACHT_ASTERISK=ROOT names one that is there already.
set -euo pipefail
if [ -n "${BELWACHT_ASTERISK:-}" ]; then
  echo "$BELWACHT_ASTERISK"
  exit
fi
dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/belwacht/asterisk}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
exec 9>"$dir/lock"
flock 9 # two runs do not unpack at once
if [ -e "$dir/complete" ]; then
  echo "$dir/root"
  exit
fi
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "belwacht: Asterisk is fetched by apt-get, which is not here; use Debian or Ubuntu" >&2; exit 1; }
# the archive that this machine uses already
archive=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
  sed -n 's/^URIs: *\([^ ]*debian\)\/* *$/\1/p; s/^deb \(\[[^]]*\] \)*\([^ ]*debian\)\/* .*/\2/p' | head -n 1 || true)
[ -n "$archive" ] || { echo "belwacht: no Debian archive in apt's sources, so Asterisk cannot be fetched" >&2; exit 1; }
rm -rf --one-file-system "$dir/root"
mkdir -p "$dir/lists/partial" "$dir/state" "$dir/cache/archives/partial" "$dir/root"
: >"$dir/state/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive sid main" >"$dir/sources.list"
cat >"$dir/apt.conf" <<A
Dir::Etc::sourcelist "$dir/sources.list"; Dir::Etc::sourceparts "/dev/null"; Dir::State::Lists "$dir/lists"; Dir::State "$dir/state";
Dir::State::status "$dir/state/status"; Dir::Cache "$dir/cache"; APT::Install-Recommends "false"; Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT::Sandbox::User "root";
A
{
  apt-get -c "$dir/apt.conf" update -q
  apt-get -c "$dir/apt.conf" autoclean -q # a sid that has moved leaves no older version beside the new one
  apt-get -c "$dir/apt.conf" install -y -q --download-only asterisk asterisk-modules asterisk-config asterisk-core-sounds-en-gsm sip-tester
} >"$dir/apt.log" 2>&1 || { echo "belwacht: Asterisk could not be fetched; $(tail -n 1 "$dir/apt.log")" >&2; exit 1; }
for deb in "$dir"/cache/archives/*.deb; do dpkg-deb -x "$deb" "$dir/root"; done
[ -e "$dir/root/bin" ] || for link in bin sbin lib lib64; do ln -s "usr/$link" "$dir/root/$link"; done
mkdir -p "$dir/root/"{proc,dev,tmp,lab,run/asterisk}
[ -e "$dir/root/var/run" ] || ln -s /run "$dir/root/var/run"
[ -e "$dir/root/usr/share/asterisk/sounds/en" ] || ln -s en_US_f_Allison "$dir/root/usr/share/asterisk/sounds/en" # what the package's own script would do
[ -e "$dir/root/etc/localtime" ] || ln -s /usr/share/zoneinfo/Europe/Amsterdam "$dir/root/etc/localtime"
chroot "$dir/root" /usr/sbin/asterisk -V >&2
[ -x "$dir/root/usr/bin/sipp" ]
touch "$dir/complete"
echo "$dir/root"
