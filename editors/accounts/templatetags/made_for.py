"""Django's own `csrf_token`, which on the editors' site also says for whom the form is made."""

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from editors.accounts.kept_forms import MADE_FOR_FIELD, is_editors_page, made_for

register = template.Library()


class FormOfEditorNode(CsrfTokenNode):
    """The token, and beside it the signed id of the editor, by which a form that comes too late is known."""

    def render(self, context):
        token, request = super().render(context), context.get("request")
        if not token or request is None or not is_editors_page(request) or not request.user.is_authenticated:
            return token
        hidden = format_html('<input type="hidden" name="{}" value="{}">', MADE_FOR_FIELD, made_for(request.user))
        return token + hidden


@register.tag
def csrf_token(parser, token):
    return FormOfEditorNode()
