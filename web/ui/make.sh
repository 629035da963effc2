#!/usr/bin/env bash
# make ui: fetches the npm packages that package-lock.json names, runs none of their scripts, and builds dist out of them. It does nothing where dist is newer than
# what it is made of. Without npm, or where the registry cannot be reached, it says so and the console stays plain; with UI=must that is an error.
set -u
cd "$(dirname "$0")" || exit 1
give_up() {
  echo "make ui: $1; the console is plain until make ui has been run" >&2
  [ "${UI:-}" = must ] && exit 1
  exit 0
}
stamp=dist/.built
if [ -e $stamp ] && [ -z "$(find src build icons.txt package-lock.json -newer $stamp -print -quit)" ]; then
  exit 0
fi
bash ../../test/need.sh npm || give_up "npm is not here"
npm ci --silent --ignore-scripts --no-audit --no-fund >&2 || give_up "the packages cannot be fetched"
CGO_ENABLED=0 go run ./build || exit 1
touch $stamp
