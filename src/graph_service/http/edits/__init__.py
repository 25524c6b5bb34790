"""`/edit`: who has a token changes the data. Off unless the settings name a file of tokens."""
