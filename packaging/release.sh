#!/usr/bin/env bash
# make release: static programs, tarballs, Debian packages, checksums and a list of what is inside, in dist/. The same commit gives the same bytes.
#
#   VERSION=1.2.3   the version; default: of the tag at this commit, else 0.0.0~ and the commit's time and name
#   ARCHS="amd64"   for which processors; default amd64 arm64
set -euo pipefail
cd "$(dirname "$0")/.."
bash test/need.sh go git gzip tar
NFPM=github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2 # the newest that builds with Go 1.26

commit=$(git rev-parse --short=12 HEAD)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
when() { date -u -d "@$SOURCE_DATE_EPOCH" "$1"; }
tag=$(git describe --tags --exact-match --match 'v*' 2>/dev/null || true)
VERSION=${VERSION:-${tag#v}}
export VERSION="${VERSION:-0.0.0~$(when +%Y%m%d%H%M%S).$commit}"
MTIME=$(when +%Y-%m-%dT%H:%M:%SZ)
export MTIME
out=$PWD/dist
rm -rf "$out"
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -z "$(git status --porcelain)" ] || echo "release: this tree has changes that are not committed; what is built says so" >&2

echo "release: the console's assets"
UI=must bash web/ui/make.sh

echo "release: man pages and completion"
mkdir -p "$work/common/man" "$work/common/completion"
BELWACHT_MAN=$work/common/man go test -count=1 -run '^TestManPages$' ./cmd/belwacht >/dev/null
gzip -9n "$work"/common/man/*.1
go build -trimpath -o "$work/here" ./cmd/belwacht
for shell in bash zsh fish; do
  "$work/here" completion "$shell" >"$work/common/completion/$shell"
done
mv "$work/common/completion/bash" "$work/common/completion/belwacht.bash"
mv "$work/common/completion/zsh" "$work/common/completion/_belwacht"
mv "$work/common/completion/fish" "$work/common/completion/belwacht.fish"
gzip -9nc CHANGELOG.md >"$work/common/changelog.gz"

GOBIN=$work/bin go install "$NFPM"
for ARCH in ${ARCHS:-amd64 arm64}; do
  export ARCH
  name=belwacht_${VERSION}_linux_$ARCH
  export TREE=$work/$name
  cp -r "$work/common" "$TREE"
  echo "release: $ARCH"
  CGO_ENABLED=0 GOOS=linux GOARCH=$ARCH go build -trimpath -ldflags "-s -w -buildid=" -o "$TREE/belwacht" ./cmd/belwacht
  go run ./packaging/sbom -version "$VERSION" -time "$MTIME" "$TREE/belwacht" >"$out/$name.cdx.json"
  "$work/bin/nfpm" package --config packaging/nfpm.yaml --packager deb --target "$out/belwacht_${VERSION}_$ARCH.deb" >"$work/nfpm.log" || { cat "$work/nfpm.log" >&2; exit 1; }
  cp README.md LICENSE CHANGELOG.md packaging/belwacht.service packaging/belwacht.yaml "$TREE/"
  rm "$TREE/changelog.gz"
  tar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rw,go-w --mtime="@$SOURCE_DATE_EPOCH" -C "$work" -cf - "$name" | gzip -9n >"$out/$name.tar.gz"
done
(cd "$out" && sha256sum -- * >"$work/sums" && mv "$work/sums" SHA256SUMS)
cat "$out/SHA256SUMS"
