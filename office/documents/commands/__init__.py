"""What people do with documents: a file for each group of verbs, the commands gathered here."""

from __future__ import annotations

from engine.bus import Handler
from office.documents.commands.archiving import (
    KeepCopyRendition,
    KeepRendition,
    keep_copy_rendition,
    keep_rendition,
)
from office.documents.commands.attachments import Attach, Detach, attach, detach
from office.documents.commands.certifying import (
    FailCertified,
    FinishCertified,
    KeepCertified,
    SealCertified,
    SettleCertified,
    fail_certified,
    finish_certified,
    keep_certified,
    seal_certified,
    settle_certified,
)
from office.documents.commands.copies import KeepCopy, KnowCopy, keep_copy, know_copy
from office.documents.commands.create import CreateDocument, create_document
from office.documents.commands.draft import SaveDraft, save_draft
from office.documents.commands.greeting import (
    NameHonoured,
    SetGreetingRows,
    name_honoured,
    set_greeting_rows,
)
from office.documents.commands.keys import (
    EnrolKey,
    EnrolOwnKey,
    NotePin,
    RetireKey,
    RevokeKey,
    enrol_key,
    enrol_own_key,
    note_pin,
    retire_key,
    revoke_key,
)
from office.documents.commands.letterhead import (
    SetEmblem,
    SetGreetings,
    SetLetterhead,
    set_emblem,
    set_greetings,
    set_letterhead,
)
from office.documents.commands.looking import LookAtDraft, look_at_draft
from office.documents.commands.methods import ChooseSigningMethods, choose_signing_methods
from office.documents.commands.recall import (
    BypassLevels,
    RecallDocument,
    bypass_levels,
    recall_document,
)
from office.documents.commands.recording import (
    Evidence,
    FailSignature,
    HoldForDevice,
    HoldSignature,
    RecordSignature,
    SettleSignature,
    fail_signature,
    hold_for_device,
    hold_signature,
    record_signature,
    settle_signature,
)
from office.documents.commands.remarks import (
    AddRemark,
    AnswerRemark,
    SettleRemark,
    add_remark,
    answer_remark,
    settle_remark,
)
from office.documents.commands.replacing import NameReplacement, name_replacement
from office.documents.commands.reserving import (
    CheckSignature,
    DeclineToSign,
    ReserveSignature,
    check_signature,
    decline_to_sign,
    reserve_signature,
)
from office.documents.commands.revoking import RevokeDocument, revoke_document
from office.documents.commands.seals import (
    AffixSeal,
    EnrolSeal,
    GrantSeal,
    MarkSealFaulty,
    RevokeSeal,
    TellKeepers,
    affix_seal,
    enrol_seal,
    grant_seal,
    mark_seal_faulty,
    revoke_seal,
    tell_keepers,
)
from office.documents.commands.secret_letters import TakeSecretLetters, take_secret_letters
from office.documents.commands.slips import KeepSlip, keep_slip
from office.documents.commands.templates import (
    KeepTemplate,
    PutTemplateAway,
    keep_template,
    put_template_away,
)
from office.documents.commands.trust import AddTrust, RemoveTrust, add_trust, remove_trust
from office.documents.commands.withdrawing import (
    AskWithdrawal,
    TellKept,
    WithdrawDocument,
    ask_withdrawal,
    tell_kept,
    withdraw_document,
)

HANDLERS: dict[type, Handler] = {
    CreateDocument: create_document,
    SaveDraft: save_draft,
    LookAtDraft: look_at_draft,
    AddRemark: add_remark,
    AnswerRemark: answer_remark,
    SettleRemark: settle_remark,
    Attach: attach,
    Detach: detach,
    RecallDocument: recall_document,
    BypassLevels: bypass_levels,
    CheckSignature: check_signature,
    ReserveSignature: reserve_signature,
    DeclineToSign: decline_to_sign,
    RecordSignature: record_signature,
    HoldForDevice: hold_for_device,
    HoldSignature: hold_signature,
    FailSignature: fail_signature,
    SettleSignature: settle_signature,
    KeepCopyRendition: keep_copy_rendition,
    KeepRendition: keep_rendition,
    KeepCopy: keep_copy,
    KnowCopy: know_copy,
    FailCertified: fail_certified,
    FinishCertified: finish_certified,
    KeepCertified: keep_certified,
    KeepSlip: keep_slip,
    SealCertified: seal_certified,
    SettleCertified: settle_certified,
    KeepTemplate: keep_template,
    PutTemplateAway: put_template_away,
    RevokeDocument: revoke_document,
    AskWithdrawal: ask_withdrawal,
    WithdrawDocument: withdraw_document,
    TellKept: tell_kept,
    NameReplacement: name_replacement,
    NameHonoured: name_honoured,
    ChooseSigningMethods: choose_signing_methods,
    TakeSecretLetters: take_secret_letters,
    SetLetterhead: set_letterhead,
    SetEmblem: set_emblem,
    SetGreetings: set_greetings,
    SetGreetingRows: set_greeting_rows,
    AddTrust: add_trust,
    RemoveTrust: remove_trust,
    EnrolKey: enrol_key,
    EnrolOwnKey: enrol_own_key,
    RevokeKey: revoke_key,
    RetireKey: retire_key,
    NotePin: note_pin,
    EnrolSeal: enrol_seal,
    RevokeSeal: revoke_seal,
    GrantSeal: grant_seal,
    AffixSeal: affix_seal,
    MarkSealFaulty: mark_seal_faulty,
    TellKeepers: tell_keepers,
}

__all__ = [
    "HANDLERS",
    "AddRemark",
    "AddTrust",
    "AffixSeal",
    "AnswerRemark",
    "AskWithdrawal",
    "Attach",
    "BypassLevels",
    "CheckSignature",
    "ChooseSigningMethods",
    "CreateDocument",
    "DeclineToSign",
    "Detach",
    "EnrolKey",
    "EnrolOwnKey",
    "EnrolSeal",
    "Evidence",
    "FailSignature",
    "GrantSeal",
    "HoldForDevice",
    "HoldSignature",
    "KeepCertified",
    "KeepCopy",
    "KeepCopyRendition",
    "KeepRendition",
    "KeepSlip",
    "KeepTemplate",
    "LookAtDraft",
    "NameHonoured",
    "NameReplacement",
    "NotePin",
    "PutTemplateAway",
    "RecallDocument",
    "RecordSignature",
    "RemoveTrust",
    "ReserveSignature",
    "RetireKey",
    "RevokeDocument",
    "RevokeKey",
    "RevokeSeal",
    "SaveDraft",
    "SetEmblem",
    "SetGreetingRows",
    "SetGreetings",
    "SetLetterhead",
    "SettleRemark",
    "SettleSignature",
    "TakeSecretLetters",
    "TellKept",
    "WithdrawDocument",
]
