//! What the functions that the kernel computes with mean, as rewriting rules: with these `grind` and `simp` see plain equations
//! and comparisons.

use super::names;
use crate::ir::EnumId;
use crate::model::System;

/// Names of the rules, for a list of lemmas.
#[must_use]
pub fn names(system: &System) -> Vec<String> {
    let mut all: Vec<String> = [
        "pick_is",
        "isAny_nil",
        "isAny_cons",
        "boolEq_is",
        "boolEq_not",
        "optBool_is",
        "optBool_not",
        "optInt_is",
        "optInt_not",
        "optTrue_is",
        "optTrue_not",
        "optCmp",
        "optArith",
        "optIntIn",
        "intIn",
        "intEq",
        "intLt",
        "intLe",
        "intAdd",
        "intSub",
        "Option.getD",
        "isTerminal",
    ]
    .map(str::to_owned)
    .to_vec();
    for ty in types(system) {
        for rule in ["same_is", "same_not", "optSame_is", "optSame_not"] {
            all.push(format!("{ty}.{rule}"));
        }
    }
    all
}

/// The rules and their proofs.
#[must_use]
pub fn facts(system: &System) -> String {
    let mut out = GENERAL.to_owned();
    for ty in types(system) {
        out.push_str(&of_type(&ty));
    }
    out
}

/// The rules of one enumeration.
#[must_use]
pub fn of_type(ty: &str) -> String {
    format!(
        "theorem {ty}.same_is (x y : {ty}) : ({ty}.same x y = true) = (x = y) := by\n  \
           apply propext; constructor\n  \
           · intro h\n    \
             have e : x.code = y.code := Nat.eq_of_beq_eq_true h\n    \
             exact (({ty}.decode_code x).symm.trans (congrArg {ty}.decode e)).trans ({ty}.decode_code y)\n  \
           · intro h; subst h; exact Nat.beq_refl _\n\
         theorem {ty}.same_not (x y : {ty}) : ({ty}.same x y = false) = ¬ (x = y) := if_false_then _ _ ({ty}.same_is x y)\n\
         theorem {ty}.optSame_is (x y : Option {ty}) : (optEq {ty}.same x y = true) = (x = y) := optEq_is _ {ty}.same_is x y\n\
         theorem {ty}.optSame_not (x y : Option {ty}) : (optEq {ty}.same x y = false) = ¬ (x = y) := \
         if_false_then _ _ ({ty}.optSame_is x y)\n"
    )
}

/// `Phase` and the enum types.
fn types(system: &System) -> Vec<String> {
    let enums = (0u16..).zip(&system.symbols.enums);
    std::iter::once("Phase".to_owned())
        .chain(enums.map(|(n, _)| names::enum_type(EnumId(n))))
        .collect()
}

const GENERAL: &str = "\
/-! The same functions as rules to rewrite with. -/
theorem pick_is {α : Type} (c : Bool) (a b : α) : pick c a b = cond c a b := by cases c <;> rfl
theorem isAny_nil (p : Phase) : isAny [] p = false := rfl
theorem isAny_cons (q : Phase) (l : List Phase) (p : Phase) : isAny (q :: l) p = (Phase.same p q || isAny l p) := by
  show pick (Phase.same p q) true (isAny l p) = _
  rw [pick_is]
  cases Phase.same p q <;> rfl
theorem if_false_then (b : Bool) (p : Prop) (h : (b = true) = p) : (b = false) = ¬ p := by
  subst h
  cases b <;> simp
theorem optEq_is {α : Type} (eq : α → α → Bool) (he : ∀ a b, (eq a b = true) = (a = b)) (x y : Option α) :
    (optEq eq x y = true) = (x = y) := by
  cases x <;> cases y <;> simp [optEq, he]
theorem boolEq_is (a b : Bool) : (boolEq a b = true) = (a = b) := by cases a <;> cases b <;> simp [boolEq]
theorem boolEq_not (a b : Bool) : (boolEq a b = false) = ¬ (a = b) := if_false_then _ _ (boolEq_is a b)
theorem optBool_is (x y : Option Bool) : (optEq boolEq x y = true) = (x = y) := optEq_is _ boolEq_is x y
theorem optBool_not (x y : Option Bool) : (optEq boolEq x y = false) = ¬ (x = y) := if_false_then _ _ (optBool_is x y)
theorem intEq_is (a b : Int) : (intEq a b = true) = (a = b) := by simp [intEq]
theorem optInt_is (x y : Option Int) : (optEq intEq x y = true) = (x = y) := optEq_is _ intEq_is x y
theorem optInt_not (x y : Option Int) : (optEq intEq x y = false) = ¬ (x = y) := if_false_then _ _ (optInt_is x y)
theorem optTrue_is (x : Option Bool) : (optTrue x = true) = (x = some true) := by
  cases x with
  | none => simp [optTrue]
  | some b => cases b <;> simp [optTrue]
theorem optTrue_not (x : Option Bool) : (optTrue x = false) = ¬ (x = some true) := if_false_then _ _ (optTrue_is x)
theorem both {a b : Bool} (ha : a = true) (hb : b = true) : (a && b) = true := by rw [ha, hb]; rfl
theorem left_of {a b : Bool} (h : (a && b) = true) : a = true := by cases a <;> simp_all
theorem right_of {a b : Bool} (h : (a && b) = true) : b = true := by cases a <;> simp_all
theorem after_step {g r b : Bool} (h : g = true → r = true → b = true) : (Bool.not (g && r) || b) = true := by
  cases g <;> cases r <;> simp_all
";
