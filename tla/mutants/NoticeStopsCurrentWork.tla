----------------------- MODULE NoticeStopsCurrentWork -----------------------
\* A stale notice, read late, also stops work on the version that it came with.
EXTENDS Workflow

StopsAll(notice, v) == v <= notice
=============================================================================
