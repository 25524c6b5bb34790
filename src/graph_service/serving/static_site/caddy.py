"""Configuration of Caddy 2 for an exported site; what the rules of all hosts have in common stands in `hosting`."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from graph_service.serving.static_site.places import FORMATS


def caddyfile(root: str, odd: Sequence[tuple[str, str]], policy: str) -> str:
    """The file.

    Args:
        root: path below which the site lies, without a slash at the end.
        odd: names whose files lie elsewhere, as of `SitePlaces.odd_names`.
        policy: for `Content-Security-Policy`.
    """
    wanted = "".join(f"\t\t~{one.media_type.replace('+', '[+]')} {one.extension}\n" for one in FORMATS)
    types = "".join(
        f'\t\t@{one.extension} path *.{one.extension}\n\t\theader @{one.extension} Content-Type "{one.content_type}"\n'
        for one in FORMATS
    )
    elsewhere = "".join(f'\t\t"{root}/{name}" "{quote(file)}"\n' for name, file in odd)
    return (
        "# For Caddy 2: name the host and the directory of these files.\n"
        ":8080 {\n\troot * /srv/site\n"
        "\theader Access-Control-Allow-Origin *\n"
        f'\theader Content-Security-Policy "{policy}"\n'
        f'\tmap {{header.Accept}} {{graph_format}} {{\n{wanted}\t\tdefault ""\n\t}}\n'
        "\tmap {header.Accept-Language} {graph_language} {\n\t\t~(?i)^en en\n\t\tdefault de\n\t}\n"
        # What was sent, with its escapes: a file may be called by a name that needs them.
        f"\tmap {{uri}} {{graph_name}} {{\n{elsewhere}"
        f'\t\t"~^{root}/(?:id/|page/)?([^?]+)" "${{1}}"\n\t\tdefault ""\n\t}}\n'
        "\troute {\n"
        f"{types}"
        "\t\t@file file {path} {path}/index.html\n"
        "\t\thandle @file {\n\t\t\trewrite * {file_match.relative}\n\t\t\tfile_server\n\t\t}\n"
        "\t\t# A page that is not there is not looked for twice.\n"
        "\t\t@missing path *.html\n\t\terror @missing 404\n"
        '\t\t@data expression `{graph_format} != ""`\n'
        f"\t\t@ontology path {root}/ontology {root}/ontology/*\n"
        f"\t\thandle @ontology {{\n\t\t\tredir @data {root}/ontology.{{graph_format}} 303\n"
        f"\t\t\tredir * {root}/ontology.{{graph_language}}.html 303\n\t\t}}\n"
        f"\t\tredir @data {root}/data/{{graph_name}}.{{graph_format}} 303\n"
        f"\t\tredir * {root}/page/{{graph_name}}.{{graph_language}}.html 303\n"
        "\t}\n}\n"
    )
