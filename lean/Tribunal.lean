import Tribunal.Versions
import Tribunal.Workflow
import Tribunal.Invariants
import Tribunal.Exact
import Tribunal.History

/-- info: 'Tribunal.no_implementation_without_approval' depends on axioms: [propext, Classical.choice, Quot.sound] -/
#guard_msgs in #print axioms Tribunal.no_implementation_without_approval

open Lean in
example : True := trivial
