"""A long, steady load on the whole product over a full house (`make soak`)."""
