#!/bin/sh
# Before removal the service ends; an upgrade restarts it afterwards.
set -e
case "$1" in
remove | 0)
  if [ -d /run/systemd/system ]; then
    systemctl disable --now belwacht.service || true
  fi
  ;;
esac
