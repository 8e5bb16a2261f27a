"""Every model there is, so that whoever needs the whole metadata imports one module."""

from __future__ import annotations

from pim.analytics.models import AnalyticsRevision, AttributeColumn
from pim.api.models import IdempotencyKey
from pim.identity.models import ApiKey, Membership, Tenant, User, UserSession
from pim.imports.models import (
    ImportCheckRow,
    ImportIssue,
    ImportJob,
    MappingMemory,
    MappingProfile,
)
from pim.products.models import (
    ChangeSet,
    ChangeSetConsumer,
    ChangeSetDelivery,
    Product,
    ProductChange,
    ProductDeletion,
)
from pim.schema.models import ProductSchema
from pim.segments.models import ProductSegment, SegmentHistory, UserSegment
from pim.webhooks.models import OutboxEvent

ALL_MODELS = (
    Tenant,
    User,
    Membership,
    UserSession,
    ApiKey,
    ProductSchema,
    Product,
    ChangeSet,
    ProductChange,
    ChangeSetConsumer,
    ChangeSetDelivery,
    ProductDeletion,
    ImportJob,
    ImportIssue,
    ImportCheckRow,
    MappingMemory,
    MappingProfile,
    IdempotencyKey,
    AttributeColumn,
    AnalyticsRevision,
    ProductSegment,
    SegmentHistory,
    UserSegment,
    OutboxEvent,
)
