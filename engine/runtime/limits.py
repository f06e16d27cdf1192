"""Every bound of the runtime, in one place: what a file, a diagram and one advance may cost."""

from __future__ import annotations

from datetime import timedelta

# -- files ------------------------------------------------------------------------------------
# bytes, elements and depth: engine.untrusted_xml, which reads decision models too
PROCESS_NODES = 1_000
#: above this many nodes a diagram still runs, but nobody can read it (a warning)
READABLE_NODES = 300

# -- one advance ------------------------------------------------------------------------------
STEPS = 2_000
TOKENS = 5_000
#: containers within containers; far above what a person draws, far below Python's own limit
DEPTH = 600
CALLS = 10
#: characters of all variables that it sets
DATA = 16_000_000
ITERATIONS = 500

# -- one turn: an advance and those that follow from it at once ---------------------------------
TURN_STEPS = 4_000
#: of processor time
SECONDS = 2.0

# -- timers -----------------------------------------------------------------------------------
SHORTEST_CYCLE = timedelta(seconds=60)
#: a cycle without end may not run more often than this
SHORTEST_ENDLESS_CYCLE = timedelta(hours=1)
REPEATS = 1_000
#: as often may one instance set a timer for sooner than the shortest cycle: a circle of them would
#: never rest
HASTY_TIMERS = 1_000
LONGEST = timedelta(days=3660)
