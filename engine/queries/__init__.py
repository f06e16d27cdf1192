"""Reading: plain SELECTs to frozen values. No query locks, writes or touches engine state."""
