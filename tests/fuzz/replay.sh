#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: replay.sh REPLAY_PROGRAM SEED_WRITER
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$2" "$folder"
"$1" "$folder"
