#!/bin/sh
# After unpacking: the user, the folders, and the unit where there is systemd. The service is not started: it has no PBX yet.
set -e
case "$1" in
configure | 1 | 2)
  if ! getent passwd belwacht >/dev/null; then
    if command -v systemd-sysusers >/dev/null; then
      systemd-sysusers belwacht.conf || true
    fi
    getent passwd belwacht >/dev/null || useradd --system --user-group --home-dir /var/lib/belwacht --no-create-home --shell /usr/sbin/nologin belwacht
  fi
  install -d -m 0700 -o belwacht -g belwacht /var/lib/belwacht
  chown root:belwacht /etc/belwacht /etc/belwacht/belwacht.yaml
  chmod 0770 /etc/belwacht # so that the console can change the configuration
  if [ -d /run/systemd/system ]; then
    systemctl daemon-reload || true
    if systemctl is-active --quiet belwacht.service; then
      systemctl restart belwacht.service || true
    fi
  fi
  ;;
esac
