module
public import Tribunal.Versions
public import Tribunal.Workflow
public import Tribunal.Invariants
public import Tribunal.Exact
public import Tribunal.History

/-! The whole development. A file that is not imported here is not part of it, and `scripts/check-lean-dev.sh` says so. -/
