"""Two questions, each asked the way of its package: by a permission, and by an authentication."""

# pyright: reportMissingImports=false, reportUntypedBaseClass=false, reportUnknownParameterType=false

from django.urls import path
from knox.auth import TokenAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_api_key.permissions import HasAPIKey


class ApiKeyView(APIView):
    """``Authorization: Api-Key …``, as djangorestframework-api-key has it."""

    authentication_classes = ()
    permission_classes = (HasAPIKey,)

    def get(self, request: Request) -> Response:
        return Response({"active": True})


class KnoxView(APIView):
    """``Authorization: Token …``, as django-rest-knox has it."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)

    def get(self, request: Request) -> Response:
        return Response({"active": True, "username": request.user.username})


urlpatterns = [path("api-key", ApiKeyView.as_view()), path("knox", KnoxView.as_view())]
