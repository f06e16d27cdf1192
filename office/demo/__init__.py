"""The demonstration ministry: one tenant with everybody that the sample documents name, and a
second small agency beside it that must never see the first.
"""
