--------------------------- MODULE NobodyDecides ----------------------------
\* Nothing is assumed of the person who has report and critique before them.
EXTENDS Workflow

Indecision == TRUE
=============================================================================
