"""An office that was set back to a backup: noticed, looked into by two persons, and only then at work with money again.

Documents for phones wait for `confirming.confirm_revocations`; everything that closes, numbers or pays waits for
`confirming.confirm_restore`. Meanwhile signed closings (`closings`) and creditors' batches (`batches`) of the
forgotten time take their places again. Exported is what the rest of the office asks.
"""

from server.services.restore.noticing import declare_rollback, note_rollback
from server.services.restore.standing import check_restored, restore_now

__all__ = ["check_restored", "declare_rollback", "note_rollback", "restore_now"]
