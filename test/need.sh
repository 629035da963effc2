#!/usr/bin/env bash
# need.sh TOOL…: sees to it that tools are there. What Debian or Ubuntu has is installed when run as root; else it says what to install.
set -u
for tool in "$@"; do
  command -v "$tool" >/dev/null && continue
  [ "$tool" = postgres ] && compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && continue
  [ "$tool" = aiosmtpd ] && /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null && continue
  case "$tool" in
    go)
      echo "belwacht: Go is not installed; get Go 1.26 or newer from https://go.dev/dl and put its bin folder into PATH" >&2
      exit 1 ;;
    gcc) packages="gcc libc6-dev" ;;
    node) packages="nodejs" ;;
    ip) packages="iproute2" ;;
    mariadbd) packages="mariadb-server-core mariadb-client-core" ;;
    postgres) packages="postgresql" ;;
    fail2ban-regex) packages="fail2ban" ;;
    promtool) packages="prometheus" ;;
    aiosmtpd) packages="python3-aiosmtpd" ;;
    rsyslogd) packages="rsyslog rsyslog-gnutls" ;;
    *) packages="$tool" ;;
  esac
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing $packages"
    # shellcheck disable=SC2086
    # RUNLEVEL: what is installed for a bench is not started as a service.
    apt-get update -qq >/dev/null && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null && continue
  fi
  echo "belwacht: $tool is not installed; as root: apt-get install $packages" >&2
  exit 1
done
