module
public import Tribunal.Versions
@[expose] public noncomputable section
set_option autoImplicit false
set_option warningAsError true
set_option Elab.async false

/-!
# The workflow

`formal/spec_impl.v2.yaml`, transition by transition, under its own names. Guards and effects are those of the file;
`fair:` is left out, for everything proved here is safety. Ranges are left out too: `rounds_stay_in_range`
(`Tribunal.Invariants`) proves that no step ever leaves one, so nothing is added by that (S-3, S-17).
-/

namespace Tribunal

/-- The control state. -/
inductive Phase where
  | DraftGoal | ProposedWorkflow | FormalizationInProgress | Formalized | NeedsRevision | Escalated
  | ApprovedWithProof | ApprovedWithWaiver | Implementing | Verified | Rejected

/-- The phases that have no steps (S-7). -/
def Phase.terminal : Phase → Bool
  | .Verified | .Rejected => true
  | .DraftGoal | .ProposedWorkflow | .FormalizationInProgress | .Formalized | .NeedsRevision | .Escalated
  | .ApprovedWithProof | .ApprovedWithWaiver | .Implementing => false

/-- The phases in which work goes on, or has ended well, on the strength of an approval. -/
def Phase.restsOnApproval : Phase → Bool
  | .ApprovedWithProof | .ApprovedWithWaiver | .Implementing | .Verified => true
  | .DraftGoal | .ProposedWorkflow | .FormalizationInProgress | .Formalized | .NeedsRevision | .Escalated
  | .Rejected => false

/-- Is every proof of a report closed? -/
inductive Proof where
  | complete | partly

/-- What the critic says. -/
inductive Advice where
  | accept | rework | refuse

/-- What the verifier's report says. -/
structure Findings where
  blocking : Bool
  proof : Proof

/-- A state (see "Words" in `formal/semantics.md`). Evidence that does not exist is `none`. -/
structure State (Now Mark : Type) where
  phase : Phase
  rounds : Nat
  goal_text : Now
  workflow_ir : Now
  proposal : Option (Evidence Mark Unit)
  job : Option (Evidence Mark Unit)
  report : Option (Evidence Mark Findings)
  critique : Option (Evidence Mark Advice)
  waiver : Option (Evidence Mark Unit)
  approval : Option (Evidence Mark Unit)
  build : Option (Evidence Mark Unit)

/-- A transition with its choices (S-1). -/
inductive Action where
  | propose | start_formalization
  | finish_formalization (b : Bool) (p : Proof) | finish_late (b : Bool) (p : Proof)
  | report_unavailable
  | criticize (a : Advice)
  | ask_for_revision | reject | waive | approve_with_proof | approve_with_waiver | decline | revoke
  | change_goal | notice_new_goal | revise | escalate | answer_go_on | answer_try_again | answer_stop
  | begin | tests_pass | tests_fail

/-- Who may act. -/
inductive Actor where
  | Human | PlannerLLM | VerifierLLM | CriticLLM | Executor

/-- Who takes a transition. -/
def Action.actor : Action → Actor
  | .propose | .notice_new_goal | .revise => .PlannerLLM
  | .start_formalization | .finish_formalization _ _ | .finish_late _ _ | .report_unavailable => .VerifierLLM
  | .criticize _ | .ask_for_revision | .reject | .escalate => .CriticLLM
  | .begin | .tests_pass | .tests_fail => .Executor
  | .waive | .approve_with_proof | .approve_with_waiver | .decline | .revoke | .change_goal
  | .answer_go_on | .answer_try_again | .answer_stop => .Human

/-- The transitions that give an approval. -/
def Action.approves : Action → Bool
  | .approve_with_proof | .approve_with_waiver => true
  | _ => false

namespace State

variable {Now Mark Says : Type} [Versions Now Mark]

/-- `fresh(e)`: it exists, and was made of the current goal and the current workflow. -/
def fresh (s : State Now Mark) : Option (Evidence Mark Says) → Bool
  | some e => Versions.current s.goal_text e.goal_text && Versions.current s.workflow_ir e.workflow_ir
  | none => false

/-- `stale(e)`: it exists, and some version has moved since. -/
def stale (s : State Now Mark) : Option (Evidence Mark Says) → Bool
  | some e => !(Versions.current s.goal_text e.goal_text && Versions.current s.workflow_ir e.workflow_ir)
  | none => false

/-- `record: {e: {…}}`: evidence made of the versions of now. -/
def made (s : State Now Mark) (says : Says) : Option (Evidence Mark Says) :=
  some { goal_text := Versions.mark s.goal_text, workflow_ir := Versions.mark s.workflow_ir, says := says }

/-- `bump: [goal_text]`. -/
def bumpGoal (s : State Now Mark) : State Now Mark :=
  { s with
    goal_text := Versions.bump Mark s.goal_text
    proposal := afterNewGoal Now s.proposal
    job := afterNewGoal Now s.job
    report := afterNewGoal Now s.report
    critique := afterNewGoal Now s.critique
    waiver := afterNewGoal Now s.waiver
    approval := afterNewGoal Now s.approval
    build := afterNewGoal Now s.build }

/-- `bump: [workflow_ir]`. -/
def bumpWorkflow (s : State Now Mark) : State Now Mark :=
  { s with
    workflow_ir := Versions.bump Mark s.workflow_ir
    proposal := afterNewWorkflow Now s.proposal
    job := afterNewWorkflow Now s.job
    report := afterNewWorkflow Now s.report
    critique := afterNewWorkflow Now s.critique
    waiver := afterNewWorkflow Now s.waiver
    approval := afterNewWorkflow Now s.approval
    build := afterNewWorkflow Now s.build }

/-- `report.blocking`, absent without a report. -/
def blocking (s : State Now Mark) : Option Bool := s.report.map (·.says.blocking)
/-- `report.proof`, absent without a report. -/
def proof (s : State Now Mark) : Option Proof := s.report.map (·.says.proof)
/-- `critique.advice`, absent without a critique. -/
def advice (s : State Now Mark) : Option Advice := s.critique.map (·.says)

omit [Versions Now Mark] in
/-- Where nothing says that a report blocks, it says that it does not, or there is none. -/
theorem a_report_blocks_or_not (s : State Now Mark) :
    s.blocking = some true ∨ s.blocking = some false ∨ s.blocking = none ∧ s.proof = none := by
  unfold State.blocking State.proof
  cases s.report with
  | none => simp
  | some report => cases h : report.says.blocking <;> simp [h]

end State

variable {Now Mark : Type} [Versions Now Mark]

/-- May this transition be taken: `from` and `when`. -/
def guard : Action → State Now Mark → Prop
  | .propose, s => s.phase = .DraftGoal
  | .start_formalization, s => s.phase = .ProposedWorkflow ∧ s.fresh s.proposal
  | .finish_formalization _ _, s => s.phase = .FormalizationInProgress ∧ s.fresh s.job
  | .finish_late _ _, s => s.phase = .FormalizationInProgress ∧ s.stale s.job
  | .report_unavailable, s => s.phase = .FormalizationInProgress
  | .criticize _, s => s.phase = .Formalized ∧ s.fresh s.report ∧ ¬ s.fresh s.critique
  | .ask_for_revision, s => s.phase = .Formalized ∧ s.fresh s.critique ∧ s.advice = some .rework
  | .reject, s => s.phase = .Formalized ∧ s.fresh s.critique ∧ s.advice = some .refuse
  | .waive, s =>
    s.phase = .Formalized ∧ s.fresh s.report ∧ (s.blocking = some true ∨ s.proof = some .partly)
  | .approve_with_proof, s =>
    s.phase = .Formalized ∧ s.fresh s.report ∧ ¬ s.blocking = some true ∧ s.proof = some .complete
      ∧ s.fresh s.critique ∧ s.advice = some .accept
  | .approve_with_waiver, s =>
    s.phase = .Formalized ∧ s.fresh s.report ∧ s.fresh s.waiver ∧ s.fresh s.critique ∧ s.advice = some .accept
  | .decline, s => s.phase = .Formalized ∧ s.fresh s.critique ∧ s.advice = some .accept
  | .revoke, s => s.phase = .ApprovedWithProof ∨ s.phase = .ApprovedWithWaiver ∨ s.phase = .Implementing
  | .change_goal, s => ¬ s.phase.terminal
  | .notice_new_goal, s =>
    (s.phase = .ProposedWorkflow ∨ s.phase = .Formalized ∨ s.phase = .ApprovedWithProof
      ∨ s.phase = .ApprovedWithWaiver ∨ s.phase = .Implementing) ∧ s.stale s.proposal
  | .revise, s => s.phase = .NeedsRevision ∧ s.rounds < 3
  | .escalate, s => s.phase = .NeedsRevision ∧ s.rounds = 3
  | .answer_go_on, s => s.phase = .Escalated
  | .answer_try_again, s => s.phase = .Escalated ∧ s.fresh s.proposal
  | .answer_stop, s => s.phase = .Escalated
  | .begin, s => (s.phase = .ApprovedWithProof ∨ s.phase = .ApprovedWithWaiver) ∧ s.fresh s.approval
  | .tests_pass, s => s.phase = .Implementing ∧ s.fresh s.approval ∧ s.fresh s.build
  | .tests_fail, s => s.phase = .Implementing

/-- The state after: `set`, `bump`, `drop`, `record`, in this order (S-2). Where a stamp is copied the guard demands
that its source exists, so what S-5 says about a source that is missing never comes up. -/
def effect : Action → State Now Mark → State Now Mark
  | .propose, s => { s.bumpWorkflow with phase := .ProposedWorkflow, proposal := s.bumpWorkflow.made () }
  | .start_formalization, s =>
    { s with phase := .FormalizationInProgress, job := copied s.proposal () }
  | .finish_formalization b p, s =>
    { s with phase := .Formalized, job := none, report := copied s.job { blocking := b, proof := p } }
  | .finish_late b p, s =>
    { s with phase := .Formalized, job := none, report := copied s.job { blocking := b, proof := p } }
  | .report_unavailable, s => { s with phase := .Escalated, job := none }
  | .criticize a, s => { s with critique := copied s.report a }
  | .ask_for_revision, s => { s with phase := .NeedsRevision }
  | .reject, s => { s with phase := .Rejected }
  | .waive, s => { s with waiver := copied s.report () }
  | .approve_with_proof, s => { s with phase := .ApprovedWithProof, approval := s.made () }
  | .approve_with_waiver, s => { s with phase := .ApprovedWithWaiver, approval := s.made () }
  | .decline, s => { s with phase := .NeedsRevision }
  | .revoke, s => { s with phase := .NeedsRevision, approval := none, build := none }
  | .change_goal, s => { s.bumpGoal with rounds := 0 }
  | .notice_new_goal, s => { s with phase := .NeedsRevision, build := none }
  | .revise, s =>
    { s.bumpWorkflow with
      phase := .ProposedWorkflow, rounds := s.rounds + 1, waiver := none, proposal := s.bumpWorkflow.made () }
  | .escalate, s => { s with phase := .Escalated }
  | .answer_go_on, s => { s with phase := .NeedsRevision, rounds := 0 }
  | .answer_try_again, s => { s with phase := .ProposedWorkflow, rounds := 0 }
  | .answer_stop, s => { s with phase := .Rejected }
  | .begin, s => { s with phase := .Implementing, build := copied s.approval () }
  | .tests_pass, s => { s with phase := .Verified }
  | .tests_fail, s => { s with phase := .NeedsRevision, build := none }

/- What the proofs may unfold. -/
attribute [grind =] guard effect State.bumpGoal State.bumpWorkflow State.advice State.blocking State.proof
  Phase.restsOnApproval Phase.terminal Action.approves Action.actor

/-- The start (S-7): nothing exists. -/
def initial : State Now Mark :=
  { phase := .DraftGoal, rounds := 0
    goal_text := Versions.first Mark, workflow_ir := Versions.first Mark
    proposal := none, job := none, report := none, critique := none, waiver := none, approval := none, build := none }

/-- The step relation. -/
def Step (a : Action) (s t : State Now Mark) : Prop := guard a s ∧ t = effect a s

/-- `Run past s`: from the start, the steps of `past` lead to `s`. Each step is kept with the state it was taken in;
the latest is first. -/
inductive Run : List (Action × State Now Mark) → State Now Mark → Prop
  | start : Run [] initial
  | step (past : List (Action × State Now Mark)) (a : Action) (s t : State Now Mark) :
      Run past s → Step a s t → Run ((a, s) :: past) t

/-- Some run leads here. -/
def Reachable (s : State Now Mark) : Prop := ∃ past, Run past s

/-- What holds at the start and is kept by every step holds in every reachable state. -/
theorem holds_when_kept_by_every_step (p : State Now Mark → Prop) (start : p initial)
    (kept : ∀ a s, p s → guard a s → p (effect a s)) (s : State Now Mark) (reachable : Reachable s) : p s := by
  obtain ⟨past, run⟩ := reachable
  induction run with
  | start => exact start
  | step past a s t _ taken before => exact taken.2 ▸ kept a s before taken.1

end Tribunal
