#!/bin/sh
# Debian's Chromium and a Chinese font for the browser tests; where it cannot be had, those tests say so.
if command -v chromium >/dev/null 2>&1; then
    exit 0
fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "installing Chromium for the browser tests …"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null && exit 0
fi
echo "no Chromium here: install it (apt install chromium fonts-noto-cjk) to run the browser tests"
