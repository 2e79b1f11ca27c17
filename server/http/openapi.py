"""How shapes with exact JSON inside (`msgspec.Raw`) look in the OpenAPI document."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar._openapi.schema_generation import SchemaCreator
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from sync.messages import DocumentChange

__all__ = ["RawSchemas"]


class RawSchemas(OpenAPISchemaPlugin):
    """Describes `Raw` as any JSON, and the one message whose default is such a value."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        """Whether the value is one of these two."""
        return value is msgspec.Raw or value is DocumentChange

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Schema:
        """Any JSON, or a document change."""
        del schema_creator
        if field_definition.annotation is msgspec.Raw:
            return Schema(description="Exact JSON, kept byte for byte.")
        return Schema(
            type=OpenAPIType.OBJECT,
            title="DocumentChange",
            required=["n", "name"],
            properties={
                "n": Schema(type=OpenAPIType.INTEGER),
                "name": Schema(type=OpenAPIType.STRING),
                "document": Schema(description="The document as JSON; missing or null when it left the scope."),
            },
        )
