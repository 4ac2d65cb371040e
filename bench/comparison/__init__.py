# SPDX-License-Identifier: Apache-2.0
"""The parts of bench/compare: captures, tools, runs, verdicts, and how they are shown."""
