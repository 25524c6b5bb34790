"""The charts of the site: which figures each one shows, in a page, in a table and in files."""
