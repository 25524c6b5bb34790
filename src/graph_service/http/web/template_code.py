"""The Python that templates are compiled to: it calls functions as they are, and joins escaped texts as they are.

Jinja's own code asks each function of a page whether it wants the context, and makes each text a `Markup` before it is
joined: half of what the page of an actor costs. No function of ours wants the context, and what is written is only
joined. The HTML is the same.
"""

from __future__ import annotations

from keyword import iskeyword
from typing import Any

import markupsafe
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame

# The name of compiled templates in the cache: a number of its own for each way to compile them.
CACHED = "__direct_1_%s.cache"
# Escapes a text without making it a `Markup`, if this version of the library has it.
_escaped_text: Any = getattr(markupsafe, "_escape_inner", markupsafe.escape)


class DirectCode(CodeGenerator):
    """Writes calls and texts of templates that escape; whatever is unusual is left to Jinja."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802 - Jinja's name
        """Write a call."""
        unusual = forward_caller or node.dyn_args is not None or node.dyn_kwargs is not None
        if unusual or not _escapes(frame) or any(iskeyword(one.key) for one in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for one in (*node.args, *node.kwargs):
            self.visit(one, frame)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _escapes(frame):
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class DirectEnvironment(Environment):
    """An environment whose templates are compiled so; it has no `finalize`."""

    code_generator_class = DirectCode

    @staticmethod
    def escaped(value: object) -> str:
        """A value as HTML, for joining: not marked as such."""
        kind = type(value)
        if kind is markupsafe.Markup:
            return value  # type: ignore[return-value]
        escaped: str = _escaped_text(value) if kind is str else markupsafe.escape(value)
        return escaped


def _escapes(frame: Frame) -> bool:
    return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile
