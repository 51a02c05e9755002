#!/bin/sh
# `npm start`: installs what is missing, builds what has changed, and becomes `jobsched standalone` with the flags given.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
sh scripts/set-up.sh run
node scripts/build.ts --if-stale
exec node bin/jobsched.js standalone "$@"
