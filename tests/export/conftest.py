"""The API with a key of this test's tenant."""

from __future__ import annotations

from tests.api.conftest import api, api_as, tenant

__all__ = ["api", "api_as", "tenant"]
