#!/bin/sh
# Runs chats and then resumes, without Scrapyd: for cron and systemd.
# Usage: crawl-both.sh [FOLDER]   (the project's folder, with .venv and .env; default: here)
#
# When the scroll did not see everything (3: incomplete, 8: timeout, 9: over a threshold) resumes
# run all the same, with the best chats.jl there is. Signed out or refused: nothing more is asked
# of Avito. Exit status: that of chats, else that of resumes (docs/reasons.md).
set -u
cd "${1:-.}" || exit 2

.venv/bin/scrapy crawl chats
chats=$?
case $chats in
0 | 3 | 8 | 9) ;;
*) exit "$chats" ;;
esac

.venv/bin/scrapy crawl resumes
resumes=$?
[ "$chats" -ne 0 ] && exit "$chats"
exit "$resumes"
