#!/bin/sh
# Has the user this tag now?   only-with-tag.sh <user id> <tag>
# USHER_URL and USHER_SITE_KEY come from the environment. Needs curl and jq.
# Ends with 0 if so, 1 if not or if there is no such user, 2 when nobody knows.
set -eu

answer=$(
  curl --silent --max-time 5 --config /dev/fd/3 "${USHER_URL%/}/v1/users/$1" 3<<EOF
header = "Authorization: Bearer $USHER_SITE_KEY"
EOF
) || { echo 'Usher does not answer.' >&2; exit 2; }

case $(printf '%s' "$answer" | jq -r '.error.code // "ok"') in
  ok) printf '%s' "$answer" | jq --exit-status --arg tag "$2" '.user.tags | index($tag) != null' >/dev/null ;;
  user_not_found) exit 1 ;;
  *) printf '%s\n' "$answer" >&2; exit 2 ;;
esac
