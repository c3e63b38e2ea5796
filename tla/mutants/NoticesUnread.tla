--------------------------- MODULE NoticesUnread ----------------------------
\* No worker ever reads a stale notice.
EXTENDS Workflow

Unread == TRUE
=============================================================================
