"""Thai text: digits, dates and where a line may end."""
