# SPDX-License-Identifier: Apache-2.0
# For test scripts to source: counts and prints what passes and fails.
passed=0
failed=0

verdict() { # NAME STATUS
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    echo "PASS $1"
  else
    failed=$((failed + 1))
    echo "FAIL $1"
  fi
}
