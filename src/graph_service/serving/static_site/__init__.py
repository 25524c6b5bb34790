"""The whole site as files, for plain web hosting: what the service answers, asked in this process and written down.

places      which address becomes which file
rewriting   links of a page made relative, forms left out
asking      one GET of an ASGI application
writing     asks for everything and writes it
hosting     what tells hosts how to serve the files
exporting   the service put together, the files put into place
"""
