"""Names that readers and other programs write: whether the data set knows them, and which thing they may mean."""
