/-! What every workflow needs: absent values, codes of values, a tree of codes. -/

/-- A condition that may be absent counts as false. -/
def optTrue (x : Option Bool) : Bool :=
  match x with
  | some b => b
  | none => false
def boolEq (a b : Bool) : Bool := bif a then b else Bool.not b
def intEq (a b : Int) : Bool := decide (a = b)
def intLt (a b : Int) : Bool := decide (a < b)
def intLe (a b : Int) : Bool := decide (a ≤ b)
/-- Two absent values are equal, and an absent one equals nothing else. -/
def optEq {α : Type} (eq : α → α → Bool) (a b : Option α) : Bool :=
  match a, b with
  | some x, some y => eq x y
  | none, none => true
  | some _, none => false
  | none, some _ => false
/-- An order comparison with an absent value is false. -/
def optCmp (cmp : Int → Int → Bool) (a b : Option Int) : Bool :=
  match a, b with
  | some x, some y => cmp x y
  | none, none => false
  | some _, none => false
  | none, some _ => false
/-- Arithmetic on an absent value is absent. -/
def optArith (op : Int → Int → Int) (a b : Option Int) : Option Int :=
  match a, b with
  | some x, some y => some (op x y)
  | none, none => none
  | some _, none => none
  | none, some _ => none
def intAdd (a b : Int) : Int := a + b
def intSub (a b : Int) : Int := a - b
def intIn (lo hi x : Int) : Bool := intLe lo x && intLe x hi
def optIntIn (lo hi : Int) (x : Option Int) : Bool :=
  match x with
  | some n => intIn lo hi n
  | none => true

def boolCode (b : Bool) : Nat := bif b then 1 else 0
def boolDecode (n : Nat) : Bool := Nat.beq n 1
theorem boolCode_lt (b : Bool) : boolCode b < 2 := by cases b <;> decide
theorem boolDecode_code (b : Bool) : boolDecode (boolCode b) = b := by cases b <;> rfl

def intCode (lo x : Int) : Nat := (x - lo).toNat
def intDecode (lo : Int) (n : Nat) : Int := lo + Int.ofNat n
theorem intIn_bounds (lo hi x : Int) (h : intIn lo hi x = true) : lo ≤ x ∧ x ≤ hi := by
  unfold intIn intLe at h
  simpa using h
theorem intCode_lt (lo hi x : Int) (w : Nat) (hw : hi - lo < Int.ofNat w) (h : intIn lo hi x = true) : intCode lo x < w := by
  have hb := intIn_bounds lo hi x h
  unfold intCode
  simp at hw
  omega
theorem intDecode_code (lo hi x : Int) (h : intIn lo hi x = true) : intDecode lo (intCode lo x) = x := by
  have hb := intIn_bounds lo hi x h
  unfold intDecode intCode
  simp
  omega

def optCode {α : Type} (f : α → Nat) (x : Option α) : Nat :=
  match x with
  | none => 0
  | some a => Nat.succ (f a)
def optDecode {α : Type} (g : Nat → α) (n : Nat) : Option α :=
  match n with
  | 0 => none
  | Nat.succ m => some (g m)
theorem optCode_lt {α : Type} (f : α → Nat) (w : Nat) (h : ∀ a, f a < w) (x : Option α) : optCode f x < Nat.succ w := by
  cases x with
  | none => exact Nat.succ_pos w
  | some a => exact Nat.succ_lt_succ (h a)
theorem optDecode_code {α : Type} (f : α → Nat) (g : Nat → α) (h : ∀ a, g (f a) = a) (x : Option α) :
    optDecode g (optCode f x) = x := by
  cases x with
  | none => rfl
  | some a => exact congrArg some (h a)
theorem optIntCode_lt (lo hi : Int) (x : Option Int) (w : Nat) (hw : hi - lo < Int.ofNat w) (h : optIntIn lo hi x = true) :
    optCode (intCode lo) x < Nat.succ w := by
  cases x with
  | none => exact Nat.succ_pos w
  | some n => exact Nat.succ_lt_succ (intCode_lt lo hi n w hw h)
theorem optIntDecode_code (lo hi : Int) (x : Option Int) (h : optIntIn lo hi x = true) :
    optDecode (intDecode lo) (optCode (intCode lo) x) = x := by
  cases x with
  | none => rfl
  | some n => exact congrArg some (intDecode_code lo hi n h)

theorem unpack_mod (r c rest : Nat) (h : c < r) : Nat.mod (Nat.add c (Nat.mul r rest)) r = c := by
  show (c + r * rest) % r = c
  rw [Nat.add_mul_mod_self_left]
  exact Nat.mod_eq_of_lt h
theorem unpack_div (r c rest : Nat) (h : c < r) : Nat.div (Nat.add c (Nat.mul r rest)) r = rest := by
  show (c + r * rest) / r = rest
  have hr : 0 < r := by omega
  rw [Nat.add_mul_div_left _ _ hr, Nat.div_eq_of_lt h]
  omega

/-- `if`, by the recursor itself, which is what the kernel computes with fastest. -/
def pick {α : Type} (c : Bool) (a b : α) : α := Bool.rec (motive := fun _ => α) b a c
theorem pick_and (a b : Bool) (h : pick a b false = true) : a = true ∧ b = true := by
  cases a with
  | false => exact Bool.noConfusion h
  | true => exact ⟨rfl, h⟩

/-- A set of codes. Nothing rests on its order; a wrong order only makes `mem` miss members. -/
inductive Tree where
  | leaf
  | node (l : Tree) (n : Nat) (r : Tree)
def Tree.mem (t : Tree) (k : Nat) : Bool :=
  Tree.rec (motive := fun _ => Bool) false (fun _ n _ l r => pick (Nat.beq k n) true (pick (Nat.ble k n) l r)) t
def Tree.all (t : Tree) (p : Nat → Bool) : Bool :=
  Tree.rec (motive := fun _ => Bool) true (fun _ n _ l r => pick (p n) (pick l r false) false) t
theorem Tree.all_mem (p : Nat → Bool) (k : Nat) (t : Tree) (ha : t.all p = true) (hm : t.mem k = true) : p k = true := by
  induction t with
  | leaf => exact Bool.noConfusion hm
  | node l n r il ir =>
    have ha : pick (p n) (pick (l.all p) (r.all p) false) false = true := ha
    have hm : pick (Nat.beq k n) true (pick (Nat.ble k n) (l.mem k) (r.mem k)) = true := hm
    have h1 := pick_and _ _ ha
    have h2 := pick_and _ _ h1.2
    cases hk : Nat.beq k n with
    | true => have e := Nat.eq_of_beq_eq_true hk; subst e; exact h1.1
    | false =>
      rw [hk] at hm
      cases hle : Nat.ble k n with
      | true => rw [hle] at hm; exact il h2.1 hm
      | false => rw [hle] at hm; exact ir h2.2 hm
