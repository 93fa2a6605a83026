"""The whole error tree of the program.

    KioskError
    |-- EnvironmentFault          the machine, the disk, the network or the configuration is at fault
    |   |-- ConfigurationError        a setting is missing, unknown or has no meaning
    |   |-- ProfileInUse              another engine owns this profile
    |   |-- StorageFull               the disk has no room for a submission
    |   |-- StorageReadOnly           the disk or the store may not be written
    |   |-- KeyUnavailable            no slot gives the store key (keyring locked, absent, refused)
    |   |-- WrongStoreKey             a key was found, and it is not this store's
    |   |-- DamagedStore              the key is right and the file is not readable
    |   |-- NewerStore                the store was written by a newer version of the program
    |   |-- NotEnrolled               the store holds no identity: a new device, or one whose store was lost
    |   |-- NotReady                  the store holds no content yet: it comes with the next sync
    |   |-- Closed                    the engine says that nobody can be served, and why
    |   |-- NetworkFault              no connection, a cut body, a body that is not what it should be
    |   `-- DeviceFault               a printer, scanner or voice that does not do its work
    |-- Refusal                   somebody else's bytes or words are not accepted
    |   |-- ContentRefused            published content that is unsigned, older, expired or cut
    |   |-- ContentMissing            the store holds no published content yet, or not this document
    |   |-- EnvelopeRefused           an envelope that cannot be opened or is signed by nobody known
    |   |-- DraftRefused              the code of a draft, or its bytes, that do not open
    |   |-- AttachmentRefused         a sealed attachment that does not open, or one that is not taken
    |   |-- CertificateRefused        a device certificate that is not ours, expired or revoked
    |   |-- EnrolmentRefused          a one-time code that is unknown, used or expired
    |   |-- AnswersRefused            a visitor's answers that the form does not accept
    |   `-- SourceRefused             an editor's source file that must not be published
    `-- UsageError                the command line was used wrongly

Rules. Each error carries two texts: `visitor` is the key of a translated message that may be shown on
the screen (resources/i18n), `engineer` is one plain English sentence for stderr and the log. Neither
ever holds a visitor's answer. Errors of libraries are turned into one of these where they enter the
house; a bug of ours (AssertionError, TypeError ...) is never turned into one.
"""

from __future__ import annotations


class KioskError(Exception):
    """Base of every expected failure. `engineer` is the sentence for staff and logs."""

    visitor = "error.general"

    def __init__(self, engineer: str) -> None:
        super().__init__(engineer)
        self.engineer = engineer


class EnvironmentFault(KioskError):
    """The machine, disk, network or configuration is at fault, not a person and not our code."""


class ConfigurationError(EnvironmentFault):
    visitor = "error.configuration"


class ProfileInUse(EnvironmentFault):
    visitor = "error.profile_in_use"


class StorageFull(EnvironmentFault):
    visitor = "error.storage_full"


class StorageReadOnly(EnvironmentFault):
    visitor = "error.storage_read_only"


class KeyUnavailable(EnvironmentFault):
    visitor = "error.key_unavailable"


class WrongStoreKey(EnvironmentFault):
    visitor = "error.wrong_store_key"


class DamagedStore(EnvironmentFault):
    visitor = "error.damaged_store"


class NewerStore(EnvironmentFault):
    visitor = "error.newer_store"


class NotEnrolled(EnvironmentFault):
    visitor = "error.not_enrolled"


class NotReady(EnvironmentFault):
    visitor = "error.not_ready"


class Closed(EnvironmentFault):
    """The engine has said that nobody can be served; `visitor` is the key of the words that say why."""

    def __init__(self, visitor: str) -> None:
        super().__init__(f"the engine is out of service: {visitor}")
        self.visitor = visitor


class NetworkFault(EnvironmentFault):
    visitor = "error.network"


class DeviceFault(EnvironmentFault):
    visitor = "error.device"


class Refusal(KioskError):
    """Bytes or words from outside that are not accepted."""


class ContentRefused(Refusal):
    visitor = "error.content_refused"


class ContentMissing(Refusal):
    visitor = "error.content_missing"


class EnvelopeRefused(Refusal):
    visitor = "error.envelope_refused"


class DraftRefused(Refusal):
    visitor = "error.draft_refused"


class AttachmentRefused(Refusal):
    visitor = "error.attachment_refused"


class CertificateRefused(Refusal):
    """`reason` is one of: malformed, tampered, untrusted, expired, not-yet-valid, revoked."""

    visitor = "error.certificate_refused"

    def __init__(self, engineer: str, reason: str = "untrusted") -> None:
        super().__init__(engineer)
        self.reason = reason


class EnrolmentRefused(Refusal):
    visitor = "error.enrolment_refused"


class AnswersRefused(Refusal):
    """Answers that the form does not accept; `errors` are model.form.AnswerError values."""

    visitor = "error.answers_refused"

    def __init__(self, engineer: str, errors: tuple[object, ...] = ()) -> None:
        super().__init__(engineer)
        self.errors = errors


class SourceRefused(Refusal):
    """An editor's source that must not be published; `problems` are (file, pointer, message)."""

    visitor = "error.source_refused"

    def __init__(self, engineer: str, problems: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(engineer)
        self.problems = problems


class UsageError(KioskError):
    visitor = "error.usage"
