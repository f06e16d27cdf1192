"""What a large table that is brought in can have come to."""

CHECKING, READY, UNCHANGED, REFUSED = "checking", "ready", "unchanged", "refused"
APPLYING, APPLIED, DROPPED = "applying", "applied", "dropped"
#: a job works at it
AT_WORK = (CHECKING, APPLYING)
#: nothing comes after these: the file is no longer kept
ENDED = (UNCHANGED, REFUSED, APPLIED, DROPPED)
#: why it was not carried out: what would be done was no longer what had been shown
CHANGED = "changed_since"
