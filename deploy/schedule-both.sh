#!/bin/sh
# Puts chats and then resumes into Scrapyd's queue.
# Usage: SCRAPYD_URL=http://127.0.0.1:6800 SCRAPYD_NETRC=/etc/avito/netrc schedule-both.sh [FIELD=VALUE ...]
#
# setting=NAME=VALUE goes to both: setting=AVITO_DATA_DIR=/srv/avito. Arguments go to the spider that
# is named before the dot and to no other: chats.until=known resumes.since=2026-01-01. Never keys:
# Scrapyd shows settings on its pages and in its log. SCRAPYD_NETRC is a file with one line, 0600:
#   machine 127.0.0.1 login avito password ...
set -eu
url=${SCRAPYD_URL:-http://127.0.0.1:6800}
netrc=${SCRAPYD_NETRC:-$HOME/.netrc}

schedule() { # SPIDER PRIORITY [FIELD=VALUE ...]
    spider=$1 priority=$2
    shift 2
    for field in "$@"; do
        shift
        case $field in
        setting=*) set -- "$@" --data-urlencode "$field" ;;
        "$spider".*=*) set -- "$@" --data-urlencode "${field#*.}" ;;
        esac
    done
    curl --silent --show-error --fail-with-body --netrc-file "$netrc" "$url/schedule.json" \
        --data-urlencode project=avito_scrapy --data-urlencode "spider=$spider" \
        --data-urlencode "priority=$priority" "$@"
}

for field in "$@"; do
    case $field in
    setting=*=* | chats.*=* | resumes.*=*) ;;
    *)
        echo "schedule-both.sh: $field: say setting=NAME=VALUE, chats.NAME=VALUE or resumes.NAME=VALUE" >&2
        exit 2
        ;;
    esac
done

# One process at a time (max_proc = 1): the higher priority runs first.
schedule chats 1 "$@"
schedule resumes 0 "$@"
