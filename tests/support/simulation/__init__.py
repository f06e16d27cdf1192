"""A seeded simulation of an office in which everything goes wrong, over the real bus and database.

One thread decides by one random number generator who acts next; processes die at any statement,
commits lose their answers, clocks jump, doorbells fall silent, workers sleep through their leases,
and between any two transactions of one process another may act. The same seed is the same story.
"""
