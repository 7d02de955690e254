#!/bin/sh
# Who is it?   login.sh <login> <the person's address> < password
# USHER_URL and USHER_SITE_KEY come from the environment. Needs curl and jq.
# Prints the user; ends with 1 for a wrong login, 3 after too many tries, 2 when nobody knows.
set -eu

body=$(jq -cR --arg login "$1" --arg ip "$2" '{login: $login, password: ., ip: $ip}')

# The key and the password stand in no argument, where other programs of the machine see them.
answer=$(
  printf '%s' "$body" |
    curl --silent --max-time 5 --config /dev/fd/3 --data-binary @- "${USHER_URL%/}/v1/login" 3<<EOF
header = "Authorization: Bearer $USHER_SITE_KEY"
EOF
) || { echo 'Usher does not answer.' >&2; exit 2; }

case $(printf '%s' "$answer" | jq -r '.error.code // "ok"') in
  ok) printf '%s' "$answer" | jq .user ;;
  invalid_login) echo 'Username or password is wrong.' >&2; exit 1 ;;
  too_many_tries) echo 'Too many tries. Wait a while.' >&2; exit 3 ;;
  *) printf '%s\n' "$answer" >&2; exit 2 ;;
esac
