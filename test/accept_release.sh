#!/usr/bin/env bash
# accept_release.sh: `make release` gives the same bytes twice, and its Debian package installs, works, keeps what the owner changed over an upgrade, and
# is gone after a purge; tried in a private Debian root. As root.
set -euo pipefail
cd "$(dirname "$0")/.."
bash test/need.sh go debootstrap lintian
start=$SECONDS
root=$(mktemp -d)
first=$(mktemp -d)
trap 'rm -rf "$root" "$first"' EXIT
fail() { echo "accept: release: $*" >&2; exit 1; }

export ARCHS=amd64
VERSION=1.0.0 bash packaging/release.sh >/dev/null
cp dist/* "$first/"
VERSION=1.0.0 bash packaging/release.sh >/dev/null
diff -r "$first" dist || fail "the same commit gave other bytes"
(cd dist && sha256sum --quiet -c SHA256SUMS)
echo "accept: release: twice the same bytes, $(find dist -type f | wc -l) files"
lintian --fail-on error --suppress-tags no-copyright-file,statically-linked-binary dist/*.deb || fail "lintian finds errors"
VERSION=1.0.1 bash packaging/release.sh >/dev/null # an upgrade

debootstrap --variant=minbase bookworm "$root" >"$first/debootstrap.log" 2>&1 || { tail -3 "$first/debootstrap.log"; fail "no private root"; }
chmod 755 "$root" # mktemp made it for root alone
inside() { chroot "$root" env PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
cp "$first"/*.deb "$root/one.deb"
cp dist/*.deb "$root/two.deb"
inside dpkg -i /one.deb >/dev/null
inside belwacht version | grep -q '^belwacht ' || fail "the program does not run"
inside belwacht config check /etc/belwacht/belwacht.yaml >/dev/null || fail "the configuration that comes with it is refused"
[ "$(inside stat -c '%U:%G %a' /var/lib/belwacht)" = "belwacht:belwacht 700" ] || fail "/var/lib/belwacht is $(inside stat -c '%U:%G %a' /var/lib/belwacht)"
[ "$(inside stat -c '%U:%G %a' /etc/belwacht)" = "root:belwacht 770" ] || fail "/etc/belwacht is $(inside stat -c '%U:%G %a' /etc/belwacht)"
[ "$(inside stat -c '%U:%G %a' /etc/belwacht/belwacht.yaml)" = "root:belwacht 640" ] || fail "the configuration is $(inside stat -c '%U:%G %a' /etc/belwacht/belwacht.yaml)"
inside su -s /bin/sh belwacht -c 'belwacht config check /etc/belwacht/belwacht.yaml' >/dev/null || fail "the service's user cannot read the configuration"
echo "# the owner's" >>"$root/etc/belwacht/belwacht.yaml"
inside dpkg --force-confdef --force-confold -i /two.deb >/dev/null
tail -1 "$root/etc/belwacht/belwacht.yaml" | grep -q "the owner's" || fail "an upgrade overwrote the owner's configuration"
touch "$root/var/lib/belwacht/memory"
inside dpkg -r belwacht >/dev/null
[ -e "$root/var/lib/belwacht/memory" ] || fail "removing took the memory, which only a purge may"
inside dpkg -P belwacht >/dev/null
left=$(cd "$root" && find . -path ./proc -prune -o \( -iname '*belwacht*' -print \) | grep -v '^./var/log\|^./var/cache' || true)
[ -z "$left" ] || fail "a purge leaves $left"
inside getent passwd belwacht >/dev/null && fail "a purge leaves the user"
echo "accept: release: installed, upgraded, removed, purged; took $((SECONDS - start)) s"
