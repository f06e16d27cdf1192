"""Copies of signed letters that say that they are copies: with the stamp of whoever received them,
or certified on every page. The signed file is read, and never touched.

What is drawn is ours (`drawing`). The file itself may be a stranger's: it is read, searched for
room (`places`) and drawn anew (`sheets`) in a process apart with caps.
"""
