"""Reading documents: plain SELECTs to frozen values, of one agency, for those who may see them."""

from office.documents.queries.certificates import CertificateRow, expiring
from office.documents.queries.copies import (
    CopyRow,
    WaitingCopy,
    copies,
    copy_file,
    waiting_copies,
)
from office.documents.queries.desk import (
    SigningDesk,
    number_in_use,
    number_is_used,
    signing_desk,
    waiting_for_timestamp,
)
from office.documents.queries.known import KnownFile, known
from office.documents.queries.one import (
    AttachmentRow,
    DocumentView,
    PreparerRow,
    RenditionRow,
    SealRow,
    SignatureRow,
    attachment_file,
    for_task,
    one,
    readable,
)
from office.documents.queries.own_key import OwnKey, keys_of
from office.documents.queries.public import PublicLetter, PublicSigner, by_code, numbered
from office.documents.queries.remarks import (
    RemarkRow,
    ReplyRow,
    may_propose,
    of_draft,
    open_remarks,
)
from office.documents.queries.said import EndorsementRow, ReaderRow, endorsements, readers
from office.documents.queries.seals import Sealing, SealKeyRow, grantable, sealing
from office.documents.queries.shelf import DocumentRow, listing, readable_ids
from office.documents.queries.templates import TemplateRow, template_words, templates
from office.documents.queries.trust import AnchorRow, anchor_file, anchors_of
from office.documents.queries.versions import (
    Comparison,
    FieldChange,
    Piece,
    VersionRow,
    changes,
    compare,
    compared,
    since_seen,
    to_be_looked_at,
    version,
    versions,
)

__all__ = [
    "AnchorRow",
    "AttachmentRow",
    "CertificateRow",
    "Comparison",
    "CopyRow",
    "DocumentRow",
    "DocumentView",
    "EndorsementRow",
    "FieldChange",
    "KnownFile",
    "OwnKey",
    "Piece",
    "PreparerRow",
    "PublicLetter",
    "PublicSigner",
    "ReaderRow",
    "RemarkRow",
    "RenditionRow",
    "ReplyRow",
    "SealKeyRow",
    "SealRow",
    "Sealing",
    "SignatureRow",
    "SigningDesk",
    "TemplateRow",
    "VersionRow",
    "WaitingCopy",
    "anchor_file",
    "anchors_of",
    "attachment_file",
    "by_code",
    "changes",
    "compare",
    "compared",
    "copies",
    "copy_file",
    "endorsements",
    "expiring",
    "for_task",
    "grantable",
    "keys_of",
    "known",
    "listing",
    "may_propose",
    "number_in_use",
    "number_is_used",
    "numbered",
    "of_draft",
    "one",
    "open_remarks",
    "readable",
    "readable_ids",
    "readers",
    "sealing",
    "signing_desk",
    "since_seen",
    "template_words",
    "templates",
    "to_be_looked_at",
    "version",
    "versions",
    "waiting_copies",
    "waiting_for_timestamp",
]
