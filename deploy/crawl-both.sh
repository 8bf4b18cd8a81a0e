#!/bin/sh
# Runs chats and then resumes, without Scrapyd: for cron and systemd.
# Usage: crawl-both.sh [FOLDER [chats.NAME=VALUE | resumes.NAME=VALUE ...]]
#   FOLDER: the project's, with .venv and .env; default: here.
#   Arguments go to the spider that is named before the dot and to no other:
#   crawl-both.sh /opt/avito chats.source=api chats.until=known resumes.since=2026-01-01
#
# When the list was not seen whole (3: incomplete, 8: timeout, 9: over a threshold) resumes
# run all the same, with the best chats.jl there is. Signed out or refused: nothing more is asked
# of Avito. Exit status: that of chats, else that of resumes (docs/reasons.md).
set -u
cd "${1:-.}" || exit 2
[ $# -gt 0 ] && shift

run() { # SPIDER [SPIDER.NAME=VALUE ...]
    spider=$1
    shift
    for given in "$@"; do
        shift
        case $given in
        "$spider".*=*) set -- "$@" -a "${given#*.}" ;;
        chats.*=* | resumes.*=*) ;;
        *)
            echo "crawl-both.sh: $given: say chats.NAME=VALUE or resumes.NAME=VALUE" >&2
            return 2
            ;;
        esac
    done
    .venv/bin/scrapy crawl "$spider" "$@"
}

run chats "$@"
chats=$?
case $chats in
0 | 3 | 8 | 9) ;;
*) exit "$chats" ;;
esac

run resumes "$@"
resumes=$?
[ "$chats" -ne 0 ] && exit "$chats"
exit "$resumes"
