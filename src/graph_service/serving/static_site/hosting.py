"""Configuration of web hosts: Apache, nginx, Caddy, and Netlify and its like (`_redirects`, `_headers`).

Names keep working there as on the service, by 303 to a document (Best Practice Recipes for Publishing RDF
Vocabularies, 2008, recipe 3). A host that reads none of them still serves every file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, unquote

from graph_service.rdf.formats import Format
from graph_service.serving.static_site.caddy import caddyfile
from graph_service.serving.static_site.places import FORMATS

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'"
)


def files(title: str, digest: str, root: str, odd: Sequence[tuple[str, str]] = ()) -> Iterator[tuple[str, str]]:
    """Name and text of each file.

    Args:
        title: of the site.
        digest: of the data set.
        root: path below which the site will lie, without a slash at the end.
        odd: names whose files lie elsewhere, as of `SitePlaces.odd_names`.
    """
    yield ".htaccess", _apache(root, odd)
    yield "_redirects", _redirects(root, odd)
    yield "_headers", _headers()
    yield "nginx.conf", _nginx(root, odd)
    yield "Caddyfile", caddyfile(root, odd, _POLICY)
    # Without it GitHub Pages leaves out what begins with a dot or an underscore.
    yield ".nojekyll", ""
    yield "README.txt", _readme(title, digest)


def _apache(root: str, odd: Sequence[tuple[str, str]]) -> str:
    types = "".join(f"AddType {one.media_type} .{one.extension}\n" for one in FORMATS)
    return (
        "Options -MultiViews\n"
        "DirectoryIndex index.html\n"
        f"{types}AddCharset utf-8 .html .txt .ttl .nt .jsonld\n"
        "<IfModule mod_headers.c>\n"
        'Header set Access-Control-Allow-Origin "*"\n'
        f'Header set Content-Security-Policy "{_POLICY}" "expr=%{{CONTENT_TYPE}} =~ m#^text/html#"\n'
        "</IfModule>\n"
        f"RewriteEngine On\nRewriteBase {root}/\n"
        f"{''.join(_odd(name, file) for name, file in odd)}"
        f"{''.join(_wanted(one, root) for one in FORMATS)}{_spoken('en', root)}{_spoken('de', root)}"
    )


def _wanted(format_: Format, root: str) -> str:
    """Data for clients that ask for them by media type."""
    condition = f"RewriteCond %{{HTTP_ACCEPT}} {format_.media_type.replace('+', '[+]')}\n"
    return (
        f"{condition}RewriteRule ^id/(.+)$ data/$1.{format_.extension} [R=303,L]\n"
        f"{condition}RewriteRule ^ontology(/.*)?$ ontology.{format_.extension} [R=303,L]\n"
        f"{condition}{_there(root, f'data/$1.{format_.extension}')}"
    )


def _there(root: str, file: str) -> str:
    """A name that is not below `id/`, where there is a file about it."""
    return f"RewriteCond %{{DOCUMENT_ROOT}}{root}/{file} -f\nRewriteRule ^(.+)$ {file} [R=303,L]\n"


def _spoken(language: str, root: str) -> str:
    """A page in a language for all others; German if a reader wants neither language."""
    condition = f"RewriteCond %{{HTTP:Accept-Language}} ^{language} [NC]\n" if language != "de" else ""
    return (
        f"{condition}RewriteRule ^(?:id|page)/(.+)(?<!\\.html)$ page/$1.{language}.html [R=303,L]\n"
        f"{condition}RewriteRule ^ontology(/.*)?$ ontology.{language}.html [R=303,L]\n"
        f"{condition}{_there(root, f'page/$1.{language}.html')}"
    )


def _odd(name: str, file: str) -> str:
    """The data or the page of a name whose files lie elsewhere; Apache compares decoded paths, and queries as sent."""
    path, _, query = name.partition("?")
    asked = f"RewriteCond %{{QUERY_STRING}} ^{re.escape(query)}$\n"
    target = re.sub(r"([%$\\])", r"\\\1", file)
    ways = [
        (f"RewriteCond %{{HTTP_ACCEPT}} {one.media_type.replace('+', '[+]')}\n", f"data/{target}.{one.extension}")
        for one in FORMATS
    ]
    ways += [
        ("RewriteCond %{HTTP:Accept-Language} ^en [NC]\n", f"page/{target}.en.html"),
        ("", f"page/{target}.de.html"),
    ]
    pattern = re.escape(unquote(path))
    return "".join(f'{asked}{wanted}RewriteRule "^{pattern}$" "{place}" [R=303,L,QSD]\n' for wanted, place in ways)


def _nginx(root: str, odd: Sequence[tuple[str, str]]) -> str:
    wanted = "".join(f"    ~{one.media_type.replace('+', '[+]')} {one.extension};\n" for one in FORMATS)
    types = "".join(f"        {one.media_type} {one.extension};\n" for one in FORMATS)
    elsewhere = "".join(f'    "{root}/{name}" "{quote(file)}";\n' for name, file in odd)
    return (
        "# For nginx, within `http`: name the host and the directory of these files.\n"
        "map $http_accept_language $graph_language {\n    default de;\n    ~*^en en;\n}\n"
        f'map $http_accept $graph_format {{\n    default "";\n{wanted}}}\n'
        "# Names whose files do not lie at their own path.\n"
        f'map $request_uri $graph_elsewhere {{\n    default "";\n{elsewhere}}}\n'
        "server {\n    listen 8080;\n    root /srv/site;\n    absolute_redirect off;\n    charset utf-8;\n"
        "    charset_types text/html text/plain text/turtle application/n-triples application/ld+json;\n"
        f"    types {{\n        text/html html;\n        text/css css;\n        text/javascript js;\n"
        f"        image/svg+xml svg;\n        image/png png;\n"
        f"        application/json json;\n        text/plain txt;\n{types}    }}\n"
        "    add_header Access-Control-Allow-Origin * always;\n"
        f'    add_header Content-Security-Policy "{_POLICY}" always;\n'
        f"    location {root}/ {{\n        try_files $uri $uri/index.html @name;\n    }}\n"
        f"    location ~ ^{root}/ontology(?:/.*)?$ {{\n"
        f"        if ($graph_format) {{ return 303 {root}/ontology.$graph_format; }}\n"
        f"        return 303 {root}/ontology.$graph_language.html;\n    }}\n"
        f"    location @name {{\n        set $name $uri;\n"
        f"        if ($uri ~ ^{root}/(?:id/|page/)?(.+)$) {{ set $name $1; }}\n"
        "        if ($graph_elsewhere) { set $name $graph_elsewhere; }\n"
        # A page that is not there is not looked for twice.
        "        if ($name ~ [.]html$) { return 404; }\n"
        f"        if ($graph_format) {{ return 303 {root}/data/$name.$graph_format; }}\n"
        f"        return 303 {root}/page/$name.$graph_language.html;\n    }}\n}}\n"
    )


def _redirects(root: str, odd: Sequence[tuple[str, str]]) -> str:
    spoken = (("en", "  Language=en"), ("de", ""))
    names = "".join(
        f"{root}/{name.replace('?', ' ')}  {root}/page/{quote(file)}.{language}.html  303{condition}\n"
        for name, file in odd
        for language, condition in spoken
    )
    # A file that is there comes before any of these.
    return names + "".join(
        f"{root}/id/*  {root}/page/:splat.{language}.html  303{condition}\n"
        f"{root}/ontology  {root}/ontology.{language}.html  303{condition}\n"
        f"{root}/ontology/*  {root}/ontology.{language}.html  303{condition}\n"
        f"{root}/*  {root}/page/:splat.{language}.html  303{condition}\n"
        for language, condition in spoken
    )


def _headers() -> str:
    types = "".join(f"/*.{one.extension}\n  Content-Type: {one.media_type}; charset=utf-8\n" for one in FORMATS)
    return f"/*\n  Access-Control-Allow-Origin: *\n  Content-Security-Policy: {_POLICY}\n{types}"


def _readme(title: str, digest: str) -> str:
    return (
        f"{title}\n{'=' * len(title)}\n\n"
        f"Data set {digest}\n\n"
        "The whole site as files. Put this directory on any web host; index.html is the start page.\n"
        "Links between pages are relative, so they hold wherever it lies.\n\n"
        "page/       a page for each thing, in German (.de.html) and English (.en.html)\n"
        "data/       the same as data\n"
        "graph/      each document and source file as a named graph\n"
        "ontology.*  the ontology\n"
        "dump/       the whole data set, with digests in dump/index.json\n"
        "llms.txt    what there is to read, for programs; catalog.json has the edition with its digests\n\n"
        "Names such as .../id/x lead to their page or data where the host reads .htaccess (Apache),\n"
        "_redirects (Netlify, Cloudflare Pages), nginx.conf (nginx) or Caddyfile (Caddy). On GitHub Pages,\n"
        "404.html leads them to their page by a script. Search, comparison and SPARQL need the service.\n"
    )
