"""The places of a diagram as SpiffWorkflow task specs of our own.

How tokens live here, and why not as Spiff does it:

- The tree holds what lives. A token hangs under the activity that contains it (the process, a
  subprocess, a call, a loop); its successor hangs there too, and the finished token leaves. So
  depth follows nesting and size follows live tokens, never history: no loop can grow them.
- Nothing is predicted. Spiff's look-ahead is exponential where a fork lies in a cycle.
- Joins count arrivals by incoming flow instead of guessing them from the tree.
- Data stays out of tasks: see `engine.runtime.variables`.
"""
