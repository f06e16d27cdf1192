"""The process engine: definitions, instances, tasks, jobs, timers, messages, incidents, history.

Law of this room: it imports none of our other rooms. What it needs from outside it
declares as a Protocol in `engine.ports`. Only `engine.runtime` knows SpiffWorkflow.
"""
