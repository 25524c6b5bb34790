"""The page of a discourse network, and its picture as SVG and PNG."""
