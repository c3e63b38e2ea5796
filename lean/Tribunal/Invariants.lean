module
public import Tribunal.Workflow
@[expose] public noncomputable section
set_option autoImplicit false
set_option warningAsError true
set_option Elab.async false

/-!
# The invariants

Of the model that every engine works with: one bit for each stamp (S-4). `Tribunal.Exact` carries them over to real
version numbers. `Sound` is what every step keeps. Each part of it has a theorem of its own, so that a changed guard
breaks the theorem that speaks of it; what is asked for follows at the end.
-/

namespace Tribunal

/-- A state with one bit for each stamp. -/
abbrev BitState := State Unit Bool

/-- Fresh, read off the evidence: among bits the rest of the state does not matter. -/
def Fresh {Says : Type} : Option (Evidence Bool Says) → Prop
  | some e => e.goal_text = true ∧ e.workflow_ir = true
  | none => False

section Stamps
variable {Says Other : Type} (s : BitState) (e : Option (Evidence Bool Says)) (says : Says) (other : Other)

theorem fresh_is_fresh : s.fresh e = true ↔ Fresh e := by
  cases e <;> simp [State.fresh, Fresh, Versions.current]
theorem stale_is_there_and_not_fresh : s.stale e = true ↔ e.isSome ∧ ¬ Fresh e := by
  cases e <;> simp [State.stale, Fresh, Versions.current]; grind
theorem nothing_is_not_fresh : ¬ Fresh (none : Option (Evidence Bool Says)) := id
theorem what_is_made_is_fresh : Fresh (s.made says) := ⟨rfl, rfl⟩
theorem what_is_made_is_there : (s.made says).isSome := rfl
theorem a_copy_is_as_fresh : Fresh (copied e other) ↔ Fresh e := by
  cases e <;> rfl
theorem a_copy_is_there_with_its_source : (copied e other).isSome = e.isSome := by
  cases e <;> rfl
theorem a_new_goal_leaves_nothing_fresh : ¬ Fresh (afterNewGoal Unit e) := by
  cases e <;> simp [Fresh, afterNewGoal, Versions.outdate]
theorem a_new_workflow_leaves_nothing_fresh : ¬ Fresh (afterNewWorkflow Unit e) := by
  cases e <;> simp [Fresh, afterNewWorkflow, Versions.outdate]
theorem a_new_goal_takes_nothing_away : (afterNewGoal Unit e).isSome = e.isSome := by
  cases e <;> rfl
theorem a_new_workflow_takes_nothing_away : (afterNewWorkflow Unit e).isSome = e.isSome := by
  cases e <;> rfl

end Stamps

attribute [local grind =] initial fresh_is_fresh stale_is_there_and_not_fresh a_copy_is_as_fresh what_is_made_is_there
  a_copy_is_there_with_its_source a_new_goal_takes_nothing_away a_new_workflow_takes_nothing_away
attribute [local grind .] nothing_is_not_fresh what_is_made_is_fresh a_new_goal_leaves_nothing_fresh
  a_new_workflow_leaves_nothing_fresh

/-! ## What every step keeps -/

def RoundsInRange (s : BitState) : Prop := s.rounds ≤ 3
/-- The verifier's job exists only while it runs, and not after its report. -/
def JobOnlyWhileFormalizing (s : BitState) : Prop := s.job.isSome → s.phase = .FormalizationInProgress
/-- A job or a report of this version is about what the planner proposed in this version. -/
def AboutTheProposal (s : BitState) : Prop := Fresh s.job ∨ Fresh s.report → Fresh s.proposal
/-- What overtook the verifier's job has overtaken every approval too. -/
def OvertakenTogether (s : BitState) : Prop := s.job.isSome → Fresh s.approval → Fresh s.job
/-- An approval of this version names the version that was formalized and critiqued, and the critic accepted it. -/
def ApprovalNamesWhatWasChecked (s : BitState) : Prop :=
  Fresh s.approval → Fresh s.report ∧ Fresh s.critique ∧ s.advice = some .accept
/-- Where work rests on an approval, there is one. -/
def ApprovalWhereNeeded (s : BitState) : Prop := s.phase.restsOnApproval → s.approval.isSome
/-- Where work rests on an approval of this version, nothing blocks, or a person waived it for this version. -/
def NothingBlocksOrWaived (s : BitState) : Prop :=
  s.phase.restsOnApproval → Fresh s.approval →
    (s.blocking = some false ∧ s.proof = some .complete) ∨ Fresh s.waiver
/-- What was verified was approved and built, all of it in this version. -/
def VerifiedIsOfThisVersion (s : BitState) : Prop := s.phase = .Verified → Fresh s.approval ∧ Fresh s.build

attribute [local grind =] RoundsInRange JobOnlyWhileFormalizing AboutTheProposal OvertakenTogether
  ApprovalNamesWhatWasChecked ApprovalWhereNeeded NothingBlocksOrWaived VerifiedIsOfThisVersion

/-- All of them; together they are kept by every step. -/
structure Sound (s : BitState) : Prop where
  rounds_in_range : RoundsInRange s
  job_only_while_formalizing : JobOnlyWhileFormalizing s
  about_the_proposal : AboutTheProposal s
  overtaken_together : OvertakenTogether s
  approval_names_what_was_checked : ApprovalNamesWhatWasChecked s
  approval_where_needed : ApprovalWhereNeeded s
  nothing_blocks_or_waived : NothingBlocksOrWaived s
  verified_is_of_this_version : VerifiedIsOfThisVersion s

attribute [local grind cases] Sound

theorem sound_at_the_start : Sound initial := by constructor <;> grind

section Kept
variable {a : Action} {s : BitState} (before : Sound s) (may : guard a s)
include before may

theorem kept__rounds_in_range : RoundsInRange (effect a s) := by cases a <;> grind
theorem kept__job_only_while_formalizing : JobOnlyWhileFormalizing (effect a s) := by cases a <;> grind
theorem kept__about_the_proposal : AboutTheProposal (effect a s) := by cases a <;> grind
theorem kept__overtaken_together : OvertakenTogether (effect a s) := by cases a <;> grind
theorem kept__approval_names_what_was_checked : ApprovalNamesWhatWasChecked (effect a s) := by cases a <;> grind
theorem kept__approval_where_needed : ApprovalWhereNeeded (effect a s) := by cases a <;> grind
theorem kept__nothing_blocks_or_waived : NothingBlocksOrWaived (effect a s) := by
  have := s.a_report_blocks_or_not
  cases a <;> grind
omit before in
theorem kept__verified_is_of_this_version : VerifiedIsOfThisVersion (effect a s) := by cases a <;> grind

theorem sound_after_every_step : Sound (effect a s) where
  rounds_in_range := kept__rounds_in_range before may
  job_only_while_formalizing := kept__job_only_while_formalizing before may
  about_the_proposal := kept__about_the_proposal before may
  overtaken_together := kept__overtaken_together before may
  approval_names_what_was_checked := kept__approval_names_what_was_checked before may
  approval_where_needed := kept__approval_where_needed before may
  nothing_blocks_or_waived := kept__nothing_blocks_or_waived before may
  verified_is_of_this_version := kept__verified_is_of_this_version may

end Kept

theorem every_reachable_state_is_sound (s : BitState) (reachable : Reachable s) : Sound s :=
  holds_when_kept_by_every_step Sound sound_at_the_start (fun _ _ => sound_after_every_step) s reachable

/-! ## What is asked for -/

section Required
variable (s t : BitState)

/-- R1. Nobody implements without an approval. -/
theorem no_implementation_without_approval (reachable : Reachable s) (here : s.phase = .Implementing) :
    s.approval.isSome := by
  have := every_reachable_state_is_sound s reachable
  grind

/-- R1. An implementation begins only on an approval of this very version. -/
theorem implementation_begins_on_a_current_approval (step : Step .begin s t) : s.fresh s.approval := step.1.2

/-- R2. An approval with proof is given only where nothing blocks and no proof is open. -/
theorem no_approval_with_blocking_issues (step : Step .approve_with_proof s t) :
    s.blocking = some false ∧ s.proof = some .complete := by
  have := s.a_report_blocks_or_not
  have := step.1
  grind

/-- R2. Where work rests on an approval of this version, nothing blocks, or it was waived for this version. -/
theorem work_rests_on_no_blocking_issues_unless_waived (reachable : Reachable s) (here : s.phase.restsOnApproval)
    (approved : s.fresh s.approval) :
    (s.blocking = some false ∧ s.proof = some .complete) ∨ s.fresh s.waiver := by
  have := every_reachable_state_is_sound s reachable
  grind

/-- R3. What is approved is what was formalized and critiqued, and the critic accepted it. -/
theorem approval_refers_to_what_was_formalized_and_critiqued (reachable : Reachable s)
    (approved : s.fresh s.approval) :
    s.fresh s.report ∧ s.fresh s.critique ∧ s.advice = some .accept := by
  have := every_reachable_state_is_sound s reachable
  grind

/-- R4. A revision by the planner voids everything that was said of the version before. -/
theorem revision_voids_approval (step : Step .revise s t) :
    ¬ t.fresh t.approval ∧ ¬ t.fresh t.waiver ∧ ¬ t.fresh t.report ∧ ¬ t.fresh t.critique := by
  obtain ⟨_, after⟩ := step
  grind

/-- R4. So does a new goal. -/
theorem new_goal_voids_approval (step : Step .change_goal s t) :
    ¬ t.fresh t.approval ∧ ¬ t.fresh t.waiver ∧ ¬ t.fresh t.report ∧ ¬ t.fresh t.critique := by
  obtain ⟨_, after⟩ := step
  grind

/-- R5. Verified work was approved, built, formalized and critiqued in one version, the one of now. -/
theorem verified_work_is_approved_work (reachable : Reachable s) (here : s.phase = .Verified) :
    s.fresh s.approval ∧ s.fresh s.build ∧ s.fresh s.report ∧ s.fresh s.critique := by
  have := every_reachable_state_is_sound s reachable
  grind

/-- What `needs:` says: these states are entered only on fresh evidence. -/
theorem states_are_entered_on_fresh_evidence (a : Action) (step : Step a s t) (moved : s.phase ≠ t.phase)
    (here : t.phase.restsOnApproval) : t.fresh t.approval := by
  obtain ⟨may, after⟩ := step
  cases a <;> grind

/-- S-3. No step leaves the range of `rounds`. -/
theorem rounds_stay_in_range (reachable : Reachable s) : s.rounds ≤ 3 :=
  (every_reachable_state_is_sound s reachable).rounds_in_range

end Required

end Tribunal
