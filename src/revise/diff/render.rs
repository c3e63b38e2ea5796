//! A comparison for a person in a terminal: what may happen first, then promises and policy, then what is written differently.
//! Pure; every text from a file passes `plain`.

use crate::report::plain;
use crate::report::render::human::{Paint, Style};
use crate::report::render::places::Place;
use crate::revise::diff::value::{
    Allowed, Behaviour, Change, Condition, ConditionKind, Diff, Example, Exists, FieldChange, How,
    OneWay, Part, PolicyDiff, Relation, Runs, Version,
};

/// The whole comparison as text that ends with a line end.
#[must_use]
pub fn render(diff: &Diff, style: &Style) -> String {
    let mut page = Page {
        out: String::new(),
        paint: Paint::new(style),
    };
    page.head(diff);
    for w in &diff.warnings {
        let word = page.paint.yellow("warning");
        page.line(&format!("{word}: {}", plain::line(w)));
    }
    if diff.same {
        page.line(
            "the same IR (same digest): at most comments, layout, spelling and `version` differ",
        );
        return page.out;
    }
    if let Some(b) = &diff.behaviour {
        page.behaviour(b, diff);
    }
    page.conditions(&diff.conditions);
    if let Some(p) = &diff.policy {
        page.policy(p);
    }
    if !style.quiet {
        page.changes(&diff.changes);
    }
    page.guesses(diff);
    page.unknown(&diff.unknown);
    page.out
}

/// The comparison in one line: what a person who approves has to know before anything else.
#[must_use]
pub fn brief(diff: &Diff) -> String {
    if diff.same {
        return "the same IR (same digest)".to_owned();
    }
    let mut parts = Vec::new();
    if let Some(b) = &diff.behaviour {
        let runs = b.runs_if_renamed.as_ref().unwrap_or(&b.runs);
        let word = |way: &OneWay| match way.exist {
            Exists::Some => "some",
            Exists::None => "none",
            Exists::Unknown => "not known",
        };
        let guess = if b.runs_if_renamed.is_some() {
            " (if the guessed renames are right)"
        } else {
            ""
        };
        parts.push(format!(
            "runs gained: {}, lost: {}{guess}",
            word(&runs.gained),
            word(&runs.lost)
        ));
    }
    let count = |relation| {
        diff.conditions
            .iter()
            .filter(|c| c.relation == relation)
            .count()
    };
    for (relation, what) in [
        (Relation::Weakened, "weakened"),
        (Relation::Strengthened, "strengthened"),
        (Relation::Incomparable, "changed beyond comparison"),
        (Relation::Widened, "guards widened"),
        (Relation::Narrowed, "guards narrowed"),
    ] {
        let n = count(relation);
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    if let Some(p) = &diff.policy {
        parts.push(match &p.allows {
            None => "what the policy allows now is not known".to_owned(),
            Some(all) if all.is_empty() => "the policy allows nothing more".to_owned(),
            Some(all) => format!("the policy allows more of {}", actions(all)),
        });
    }
    if !diff.unknown.is_empty() {
        parts.push(format!("{} not known", diff.unknown.len()));
    }
    if parts.is_empty() {
        parts.push("texts or order alone differ".to_owned());
    }
    parts.join(" · ")
}

fn actions(all: &[Allowed]) -> String {
    let names: Vec<&str> = all.iter().map(|a| a.action.as_str()).collect();
    names.join(", ")
}

fn at(place: Option<&Place>) -> String {
    place.map_or_else(|| "–".to_owned(), |p| p.line.to_string())
}

struct Page {
    out: String,
    paint: Paint,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn title(&mut self, text: &str) {
        let title = self.paint.strong(text);
        self.line(&format!("\n{title}"));
    }

    fn head(&mut self, diff: &Diff) {
        for (word, v) in [("old", &diff.old), ("new", &diff.new)] {
            let file = self.paint.strong(&plain::line(&v.file));
            let about = self.paint.dim(&format!("· {}", about(v)));
            self.line(&format!("{word} {file} {about}"));
        }
    }

    fn behaviour(&mut self, b: &Behaviour, diff: &Diff) {
        self.title("What may happen");
        match &b.runs_if_renamed {
            None => self.runs(&b.runs),
            Some(runs) => {
                let old: Vec<String> = diff
                    .renames
                    .iter()
                    .map(|r| format!("`{}` is `{}`", plain::line(&r.old), plain::line(&r.new)))
                    .collect();
                self.line(&format!("  if {} (a guess):", old.join(", ")));
                self.runs(runs);
                self.line("  by name alone:");
                let say = |way: &OneWay| match way.exist {
                    Exists::Some => format!("some, through {}", through(way)),
                    Exists::None => "none".to_owned(),
                    Exists::Unknown => "unknown".to_owned(),
                };
                let (gained, lost) = (say(&b.runs.gained), say(&b.runs.lost));
                self.entry("gained", &gained);
                self.entry("lost", &lost);
            }
        }
        let s = &b.states;
        match (s.kept, s.gained, s.lost) {
            (Some(kept), Some(gained), Some(lost)) => {
                self.line(&format!("  states: {kept} reached by both, {gained} only by the new version, {lost} only by the old one"));
                self.compared(&s.left_out);
                let shown = [&b.runs, b.runs_if_renamed.as_ref().unwrap_or(&b.runs)];
                self.state(
                    "new",
                    s.gained_example.as_ref(),
                    shown.map(|r| r.gained.example.as_ref()),
                );
                self.state(
                    "gone",
                    s.lost_example.as_ref(),
                    shown.map(|r| r.lost.example.as_ref()),
                );
            }
            (_, _, _) => {
                let unknown = self.paint.yellow("unknown");
                self.line(&format!("  states: {unknown}"));
            }
        }
    }

    fn compared(&mut self, left_out: &[String]) {
        const MOST: usize = 5;
        if left_out.is_empty() {
            return;
        }
        let names: Vec<String> = left_out
            .iter()
            .take(MOST)
            .map(|n| plain::line(n).into_owned())
            .collect();
        let more = match left_out.len().saturating_sub(MOST) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        self.line(&format!(
            "    told apart by what both have, so without {}{more}",
            names.join(", ")
        ));
    }

    /// A state that only one version reaches; not again where the run was shown.
    fn state(&mut self, what: &str, example: Option<&Example>, shown: [Option<&Example>; 2]) {
        if example.is_none() {
            return;
        }
        if shown.contains(&example) {
            self.line(&format!(
                "    a state that is {what}: where the run above ends"
            ));
        } else {
            self.example(
                &format!("a state that is {what}, by the shortest way:"),
                example,
            );
        }
    }

    fn runs(&mut self, runs: &Runs) {
        self.way(
            "gained",
            &runs.gained,
            "every run of the new version is one of the old",
            "a run that the old version does not have:",
        );
        self.way(
            "lost",
            &runs.lost,
            "every run of the old version is one of the new",
            "a run that the new version does not have any more:",
        );
    }

    fn way(&mut self, word: &str, way: &OneWay, none: &str, some: &str) {
        match way.exist {
            Exists::None => self.line(&format!("  runs {word}: none; {none}")),
            Exists::Unknown => {
                let unknown = self.paint.yellow("unknown");
                let why = way.why.as_deref().unwrap_or("no answer");
                self.line(&format!("  runs {word}: {unknown} ({})", plain::line(why)));
            }
            Exists::Some => {
                let some_word = self.paint.yellow("some");
                self.line(&format!(
                    "  runs {word}: {some_word}, through {}",
                    through(way)
                ));
                self.example(some, way.example.as_ref());
            }
        }
    }

    fn example(&mut self, title: &str, example: Option<&Example>) {
        let Some(example) = example else { return };
        if self.paint.style.quiet {
            return;
        }
        self.line(&format!("    {title}"));
        for line in &example.text {
            self.line(&format!("    {}", plain::line(line)));
        }
    }

    fn entry(&mut self, label: &str, text: &str) {
        let paint = self.paint;
        paint.entry(&mut self.out, label, text);
    }

    fn conditions(&mut self, all: &[Condition]) {
        for (kind, title) in [
            (ConditionKind::Property, "Promises"),
            (ConditionKind::Guard, "When transitions can fire"),
        ] {
            let mine: Vec<&Condition> = all.iter().filter(|c| c.kind == kind).collect();
            if mine.is_empty() {
                continue;
            }
            self.title(title);
            let added = |c: &&Condition| c.old.is_none() && c.relation == Relation::Strengthened;
            for c in mine.iter().filter(|c| !added(c)) {
                self.condition(c);
            }
            let added: Vec<String> = mine
                .iter()
                .filter(|c| added(c))
                .filter_map(|c| c.new.as_ref().map(|n| plain::line(n).into_owned()))
                .collect();
            if !added.is_empty() {
                self.entry("added", &added.join(", "));
            }
        }
    }

    fn condition(&mut self, c: &Condition) {
        let word = c.relation.word();
        let word = match c.relation {
            Relation::Weakened | Relation::Widened => self.paint.red(word),
            Relation::Strengthened | Relation::Narrowed | Relation::Equivalent => {
                self.paint.green(word)
            }
            Relation::Incomparable | Relation::Unknown => self.paint.yellow(word),
        };
        let name = match (&c.old, &c.new) {
            (Some(a), Some(b)) if a == b => plain::line(a).into_owned(),
            (Some(a), Some(b)) => format!("{}, now {}", plain::line(a), plain::line(b)),
            (Some(only), None) | (None, Some(only)) => plain::line(only).into_owned(),
            (None, None) => String::new(),
        };
        let why = c
            .why
            .as_ref()
            .map_or_else(String::new, |w| format!(" ({})", plain::line(w)));
        self.line(&format!("  {word} {name}{why}"));
        let (more, less) = match c.kind {
            ConditionKind::Guard => ("can fire now:", "cannot fire any more:"),
            ConditionKind::Property => ("satisfies it now:", "does not satisfy it any more:"),
        };
        for (what, values) in [(more, &c.only_new), (less, &c.only_old)] {
            if let Some(values) = values {
                self.line(&format!("    {what} {}", plain::line(values)));
            }
        }
    }

    fn policy(&mut self, p: &PolicyDiff) {
        self.title("What is allowed");
        self.line(&format!("  {}:", plain::line(&p.what)));
        for (found, none, word) in [
            (
                &p.allows,
                "nothing is allowed that was not",
                self.paint.red("allowed now"),
            ),
            (
                &p.refuses,
                "nothing is refused that was allowed",
                self.paint.green("refused now"),
            ),
        ] {
            match found {
                None => {
                    let unknown = self.paint.yellow("unknown");
                    self.line(&format!("  {word}: {unknown}"));
                }
                Some(all) if all.is_empty() => self.line(&format!("  {none}")),
                Some(all) => {
                    for a in all {
                        self.line(&format!(
                            "  {word}: {}, for instance with {}",
                            a.action,
                            plain::line(&a.example)
                        ));
                    }
                }
            }
        }
    }

    fn changes(&mut self, all: &[Change]) {
        if all.is_empty() {
            return;
        }
        self.title("What is written differently (lines old, new)");
        let mut part: Option<Part> = None;
        for c in all {
            if part != Some(c.part) {
                part = Some(c.part);
                self.line(&format!("  {}", c.part.words()));
            }
            let sign = match c.how {
                How::Added => self.paint.green("+"),
                How::Removed => self.paint.red("-"),
                How::Changed => self.paint.yellow("~"),
            };
            let lines = format!("({}, {})", at(c.old.as_ref()), at(c.new.as_ref()));
            let lines = self.paint.dim(&lines);
            self.line(&format!("    {sign} {} {lines}", plain::line(&c.name)));
            let told = c.how == How::Changed || self.paint.style.verbose;
            for f in c.fields.iter().filter(|_| told) {
                self.field(f);
            }
        }
    }

    fn field(&mut self, f: &FieldChange) {
        let mut side = |sign: &str, text: &Option<String>, place: &Option<Place>| {
            if let Some(text) = text {
                let line = place.as_ref().map_or_else(String::new, |p| {
                    self.paint.dim(&format!("  (line {})", p.line))
                });
                self.out.push_str(&format!(
                    "        {sign} {}: {}{line}\n",
                    plain::line(&f.field),
                    plain::line(text)
                ));
            }
        };
        side("-", &f.old, &f.old_at);
        side("+", &f.new, &f.new_at);
    }

    fn guesses(&mut self, diff: &Diff) {
        if diff.renames.is_empty() {
            return;
        }
        self.title("Guesses");
        for r in &diff.renames {
            let text = format!(
                "  {} `{}` looks renamed to `{}`: {}",
                r.part.word(),
                plain::line(&r.old),
                plain::line(&r.new),
                plain::line(&r.why)
            );
            self.line(&text);
        }
    }

    fn unknown(&mut self, all: &[String]) {
        if all.is_empty() {
            return;
        }
        self.title("Not known, and so not the same");
        for text in all {
            self.line(&format!("  {}", plain::line(text)));
        }
        self.line("  `--max-states` and `--deadline` allow more");
    }
}

fn about(v: &Version) -> String {
    let digest = v.digest.get(..12).unwrap_or(&v.digest);
    match (&v.workflow, v.version) {
        (Some(id), Some(version)) => format!("{id} version {version} · digest {digest}"),
        (Some(id), None) => format!("{id} · digest {digest}"),
        (None, _) => format!("policy · digest {digest}"),
    }
}

fn through(way: &OneWay) -> String {
    if way.through.is_empty() {
        return "another initial state".to_owned();
    }
    let names: Vec<String> = way
        .through
        .iter()
        .map(|n| plain::line(n).into_owned())
        .collect();
    names.join(", ")
}
