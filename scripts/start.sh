#!/bin/sh
# `npm start`: installs what is missing, builds what has changed, and becomes `jobsched standalone` with the flags given;
# `npm start -- serve` and `npm start -- worker` become those.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"

# Of `npm start --port 9000` npm takes the flag for its own: newer ones leave us the 9000, older ones nothing. It ends in
# the environment, and a jobsched that ignored it there would serve another port or other data than was asked for.
quoted() {
  case $1 in
    *[!A-Za-z0-9_./:@-]*) printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf %s "$1" ;;
  esac
}

command=standalone
line=''
case ${1-} in
  serve | worker | standalone)
    command=$1
    line=" $1"
    shift
    ;;
esac

kept=''
without_value=0
for name in host port auth read_only public_url allowed_host trust_proxy base_path rate_limit tls_cert tls_key metrics_open \
  metrics_port data_dir output_budget concurrency queue name drain_timeout shutdown_delay \
  pass_env timezone log_level redis_addr redis_db redis_user redis_pass redis_url redis_tls redis_ca redis_sentinel \
  redis_sentinel_master redis_sentinel_pass redis_cluster redis_prefix durability wait; do
  eval "value=\${npm_config_$name-}"
  if [ -z "$value" ]; then continue; fi
  flag=--$(echo "$name" | tr _ -)
  kept="$kept $flag"
  line="$line $flag"
  case $name in read_only | metrics_open | redis_tls | wait) continue ;; esac
  if [ "$value" = true ]; then
    value='...'
    without_value=$((without_value + 1))
  fi
  line="$line $(quoted "$value")"
done
if [ -n "$kept" ]; then
  # With one of each it is clear whose value it is.
  if [ "$without_value" = 1 ] && [ $# = 1 ]; then line="${line%%...*}$(quoted "$1")${line#*...}"; fi
  printf 'error: npm kept%s for itself\n  Put -- before what is for jobsched: npm start --%s\n' "$kept" "$line" >&2
  exit 2
fi

sh scripts/set-up.sh run
node scripts/build.ts program --if-stale
exec node dist/jobsched.js "$command" "$@"
