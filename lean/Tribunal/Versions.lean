module
@[expose] public noncomputable section
set_option autoImplicit false
set_option warningAsError true
set_option Elab.async false

/-!
# Versions

Evidence remembers what it was made from. This file says what "remembers" may mean, in two ways that
`Tribunal.Exact` proves to be the same: real version numbers, and one bit ("made of the current version") as in
rule S-4. The workflow itself is written once, in `Tribunal.Workflow`, over either of them.
-/

namespace Tribunal

/-- A way to keep the versions of one artifact. `Now` is what is known of the current version, `Mark` what a piece of
evidence remembers of the version it was made from. -/
class Versions (Now Mark : Type) where
  /-- the first version -/
  first : Now
  /-- the mark of what is made now -/
  mark : Now → Mark
  /-- is a mark one of the current version? -/
  current : Now → Mark → Bool
  /-- what a new version makes of what is known -/
  bump : Now → Now
  /-- what a new version makes of a mark that exists -/
  outdate : Mark → Mark

/-- S-4, what every engine works with: a mark is one bit, set when made, cleared by the next new version, never set
again. Of the current version nothing has to be known. -/
instance bits : Versions Unit Bool where
  first := ()
  mark _ := true
  current _ bit := bit
  bump _ := ()
  outdate _ := false

/-- What is meant: versions are numbered without end, a mark is the number of the version something was made from and
never changes, and it is current exactly when it equals the number of now. -/
instance numbers : Versions Nat Nat where
  first := 0
  mark version := version
  current version made := made == version
  bump version := version + 1
  outdate made := made

/-- One piece of evidence: a mark for each artifact, and what it says. -/
structure Evidence (Mark Says : Type) where
  goal_text : Mark
  workflow_ir : Mark
  says : Says

variable {Mark Says Other : Type}

/-- S-5, `record: {e: {from: x}}`: the marks of x, other content. -/
def copied (x : Option (Evidence Mark Says)) (says : Other) : Option (Evidence Mark Other) :=
  x.map fun x => { goal_text := x.goal_text, workflow_ir := x.workflow_ir, says := says }

/-- What a new version of the goal makes of evidence. -/
def afterNewGoal (Now : Type) [Versions Now Mark] (e : Option (Evidence Mark Says)) : Option (Evidence Mark Says) :=
  e.map fun e => { e with goal_text := Versions.outdate Now e.goal_text }

/-- What a new version of the workflow makes of evidence. -/
def afterNewWorkflow (Now : Type) [Versions Now Mark] (e : Option (Evidence Mark Says)) :
    Option (Evidence Mark Says) :=
  e.map fun e => { e with workflow_ir := Versions.outdate Now e.workflow_ir }

end Tribunal
