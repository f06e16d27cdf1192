"""Official documents: drafts and their frozen versions, endorsements, readers, and signatures."""
