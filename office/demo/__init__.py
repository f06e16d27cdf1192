"""The demonstration ministry: one tenant with everybody that the sample documents name, and a
second small agency beside it that must never see the first.

`install.plant(bus)` brings both into a database; `install.people()` lists the sign-ins.
"""
