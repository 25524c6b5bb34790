"""A draft as a workbook, and back from the workbook into the draft."""
