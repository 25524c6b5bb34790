"""Operations: what can be asked by GET, described once."""
