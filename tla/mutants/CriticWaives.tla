---------------------------- MODULE CriticWaives ----------------------------
\* The critic may let blocking findings through.
EXTENDS Workflow

HumanOrCritic == {"human", "critic"}
=============================================================================
