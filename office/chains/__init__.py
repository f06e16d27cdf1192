"""Approval chains: cards that an administrator fills in, and the BPMN that runs them.

`model` says what a chain is, `compose` writes it as a diagram with its forms, `reading` opens a
diagram as cards again, or says at which element it cannot. A chain that is being worked on is a
draft in a table of this room; a published one is a deployment like any other.
"""
