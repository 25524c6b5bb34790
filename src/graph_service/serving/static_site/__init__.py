"""The whole site as files, for plain web hosting: what the service answers, asked in this process and written down.

places      which address becomes which file
rewriting   links of a page made relative, forms left out
writing     asks for everything and writes it
hosting     configuration files for web hosts
forwarding  a page that leads names on where a host has no rules
exporting   the service put together, the files put into place
"""
