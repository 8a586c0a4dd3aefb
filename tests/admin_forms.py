"""Reading and sending of admin forms as a browser does."""

from django.http import HttpResponse
from django.test.client import ClientHandler
from django.urls import reverse


def page(model, name, *arguments):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=arguments)


def posted(response):
    """Return what a browser would send for the form of the page: every field with its present value."""
    form = response.context["adminform"].form
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    data = {}
    forms = [form, *(formset.management_form for formset in formsets)]
    forms += [row for formset in formsets for row in formset.forms]
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            widget = form.fields[name].widget
            if value is None or value is False:
                continue
            if isinstance(value, list) and not getattr(
                getattr(widget, "widget", widget), "allow_multiple_selected", False
            ):
                value = form.fields[name].prepare_value(value)
            data[form.add_prefix(name)] = value
    return data


class FormsOnly(ClientHandler):
    """Middleware that renders forms without the pages around them, which take most of the time."""

    def load_middleware(self, is_async=False):
        super().load_middleware(is_async)
        self._template_response_middleware.append(self._without_page)

    def _without_page(self, request, response):
        bare = HttpResponse(status=response.status_code)
        bare.context_data, bare.render = response.context_data, lambda: bare
        return bare


forms_only = FormsOnly(enforce_csrf_checks=False)


def _without_page(desk, method, address, data=None):
    usual, desk.handler = desk.handler, forms_only
    try:
        response = getattr(desk, method)(address, data)
    finally:
        desk.handler = usual
    if hasattr(response, "context_data"):
        response.context = response.context_data
        # Whoever looks for words of a page must ask for the page.
        del response._container
    return response


def open_form(desk, address):
    """Return the response to a request for a form, with the context of its page but without the page itself."""
    return _without_page(desk, "get", address)


def send_form(desk, address, data):
    """Send a form; the response has the context of the page that shows the form again, but not the page itself."""
    return _without_page(desk, "post", address, data)


def save(desk, address, **changes):
    """Open the form, change some fields and save it as a browser would; see `send_form`."""
    data = posted(open_form(desk, address)) | changes
    return send_form(desk, address, {name: value for name, value in data.items() if value is not None})


def messages_beside_fields(response):
    """Return error messages of an invalid form by field; rows of inlines by their prefix."""
    form = response.context["adminform"].form
    forms = [form] + [row for inline in response.context["inline_admin_formsets"] for row in inline.formset.forms]
    return {form.add_prefix(name): list(errors) for form in forms for name, errors in form.errors.items()}
