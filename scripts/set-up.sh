#!/bin/sh
# Brings a machine to where jobsched runs (`set-up.sh run`) or its tests run (`set-up.sh test`). Says nothing and touches
# no network when nothing is to do. Needs only a POSIX shell and npm; the Node that jobsched runs on is one of the packages.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
purpose=${1:-run}

# ---- system packages ------------------------------------------------------------------------------------------------

has_library() {
  for folder in /lib /usr/lib /lib64 /usr/lib64 /usr/local/lib /lib/*-linux-gnu* /usr/lib/*-linux-gnu*; do
    if [ -e "$folder/$1" ]; then return 0; fi
  done
  return 1
}

has_command() {
  command -v "$1" >/dev/null 2>&1
}

missing=''
if [ "$(uname -s)" = Linux ]; then
  has_library libatomic.so.1 || missing="$missing libatomic1"
  if [ "$purpose" = test ]; then
    has_command chromium || missing="$missing chromium fonts-liberation"
    has_command redis-server || missing="$missing redis-server"
  fi
fi

if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && has_command apt-get; then
    echo "jobsched: installing$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    # Debian's way to say that a package may install no running service (policy-rc.d), for this one installation.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      trap 'rm -f "$policy"' EXIT
      printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
    fi
    # shellcheck disable=SC2086 # a list of words
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >/dev/null; then
      echo "jobsched: apt-get could not install$missing. Its words are above; mend that, then try again." >&2
      exit 1
    fi
  else
    echo "jobsched: this machine lacks$missing. Install with:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y$missing" >&2
    echo "or by the same names with your system's package manager, then try again." >&2
    exit 1
  fi
fi

if [ "$purpose" = test ] && has_command redis-server; then
  redis=$(redis-server --version | sed 's/.* v=\([0-9]*\)\..*/\1/')
  if [ "$redis" -lt 7 ]; then
    echo "jobsched: the tests need Redis 7.0 or newer, and redis-server here is version $redis. Install a newer one." >&2
    exit 1
  fi
fi

# ---- npm packages ---------------------------------------------------------------------------------------------------

if ! has_command npm; then
  echo 'jobsched: npm is missing. Install Node 20 or newer with its npm: sudo apt-get install -y nodejs npm' >&2
  exit 1
fi

# What is in node_modules fits this lock file on this kind of machine, or is installed anew.
stamp=node_modules/.set-up
wanted="$(uname -sm) $(cksum <package-lock.json)"
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
  echo 'jobsched: installing npm packages' >&2
  # Not npm ci: npm 11 refuses a lock file that lacks optional packages of other platforms, as this one does, made
  # where the registry did not have those of oxlint, oxfmt and knip. install takes the lock file's versions all the same.
  npm install --no-save --include=dev --include=optional --no-audit --no-fund --loglevel=error >&2
  echo "$wanted" >"$stamp"
fi

# npm 9 links none of the packages that offer a `node`, since those of other platforms, which it leaves out, do too.
if [ ! -e node_modules/.bin/node ]; then
  for node in node_modules/node-*/bin/node; do
    if [ -x "$node" ]; then ln -s "../../$node" node_modules/.bin/node; fi
  done
fi

# `npx jobsched` in a checkout finds this, and with it the Node beside it, without asking the registry for the name.
[ -e node_modules/.bin/jobsched ] || ln -s ../../bin/jobsched.js node_modules/.bin/jobsched

# There is no such package for every platform, and a machine's own Node may be too old.
if ! version=$(node --version 2>&1); then
  printf 'jobsched: Node does not start here. It says:\n%s\n' "$version" >&2
  exit 1
fi
major=${version#v}
if [ "${major%%.*}" -lt 26 ]; then
  echo "jobsched: no Node 26 for $(uname -sm) among the npm packages, and this machine's Node is $version." >&2
  echo 'Install Node 26 or newer from https://nodejs.org, then try again.' >&2
  exit 1
fi
