#!/bin/sh
# Puts chats and then resumes into Scrapyd's queue.
# Usage: SCRAPYD_URL=http://127.0.0.1:6800 SCRAPYD_NETRC=/etc/avito/netrc schedule-both.sh [FIELD=VALUE ...]
#
# Further fields go to both: setting=AVITO_DATA_DIR=/srv/avito. Never keys: Scrapyd shows settings on
# its pages and in its log. SCRAPYD_NETRC is a file with one line, 0600:
#   machine 127.0.0.1 login avito password ...
set -eu
url=${SCRAPYD_URL:-http://127.0.0.1:6800}
netrc=${SCRAPYD_NETRC:-$HOME/.netrc}

schedule() { # SPIDER PRIORITY [FIELD=VALUE ...]
    spider=$1 priority=$2
    shift 2
    for field in "$@"; do
        set -- "$@" --data-urlencode "$field"
        shift
    done
    curl --silent --show-error --fail-with-body --netrc-file "$netrc" "$url/schedule.json" \
        --data-urlencode project=avito_scrapy --data-urlencode "spider=$spider" \
        --data-urlencode "priority=$priority" "$@"
}

# One process at a time (max_proc = 1): the higher priority runs first.
schedule chats 1 "$@"
schedule resumes 0 "$@"
