"""Who says what: positions, where actors stand, roll calls and ties, for every page that shows them."""
