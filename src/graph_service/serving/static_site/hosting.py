"""Configuration of web hosts: Apache by `.htaccess`, Netlify and its like by `_redirects` and `_headers`.

Names keep working there as on the service, by 303 to a document (Best Practice Recipes for Publishing RDF
Vocabularies, 2008, recipe 3). A host that reads none of them still serves every file.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.rdf.formats import Format
from graph_service.serving.static_site.places import FORMATS

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'"
)


def files(title: str, digest: str, root: str) -> Iterator[tuple[str, str]]:
    """Name and text of each file.

    Args:
        title: of the site.
        digest: of the data set.
        root: path below which the site will lie, without a slash at the end.
    """
    yield ".htaccess", _apache(root)
    yield "_redirects", _redirects(root)
    yield "_headers", _headers()
    # Without it GitHub Pages leaves out what begins with a dot or an underscore.
    yield ".nojekyll", ""
    yield "README.txt", _readme(title, digest)


def _apache(root: str) -> str:
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


def _redirects(root: str) -> str:
    # A file that is there comes before any of these.
    return "".join(
        f"{root}/id/*  {root}/page/:splat.{language}.html  303{condition}\n"
        f"{root}/ontology  {root}/ontology.{language}.html  303{condition}\n"
        f"{root}/ontology/*  {root}/ontology.{language}.html  303{condition}\n"
        f"{root}/*  {root}/page/:splat.{language}.html  303{condition}\n"
        for language, condition in (("en", "  Language=en"), ("de", ""))
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
        "Names such as .../id/actor/x lead to their page or data where the host reads .htaccess (Apache) or\n"
        "_redirects (Netlify, Cloudflare Pages). Search, comparison and SPARQL need the service.\n"
    )
