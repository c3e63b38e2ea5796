//! The evidence matrix: a row a property, a column an engine. Nothing that is missing looks like a pass.

use super::paint::{Paint, pad};
use crate::report::outcome::{AnswerCell, PropertyResult, Report};
use crate::report::verdict::PropertyVerdict;

const ID: usize = 44;

/// Adds the matrix; nothing where there are no properties.
pub(super) fn matrix(out: &mut String, report: &Report, paint: &Paint) {
    if report.properties.is_empty() || paint.style.quiet {
        return;
    }
    let groups = groups(report, paint);
    let names = groups.iter().map(|g| g.name.chars().count()).chain([8]);
    let width = names.max().unwrap_or(8).min(ID);
    // An engine that nobody needs and that is not there is told in the summary; a column of dashes says nothing more.
    let columns: Vec<(usize, &'static str, usize)> = report
        .engines
        .iter()
        .enumerate()
        .filter(|(_, e)| e.needed || e.available)
        .map(|(i, e)| (i, e.engine.name(), e.engine.name().len().max(7)))
        .collect();
    let verdicts = groups
        .iter()
        .map(|g| g.verdict().chars().count())
        .chain([7])
        .max()
        .unwrap_or(7);
    let mut head = format!(
        "\n  {}  {}",
        pad("evidence", width),
        pad("verdict", verdicts)
    );
    for (_, name, column) in &columns {
        head.push_str(&format!("  {}", pad(name, *column)));
    }
    out.push_str(&paint.dim(head.trim_end()));
    out.push('\n');
    let mut legend = Legend {
        cached: (report.engines.iter())
            .filter(|e| e.cached)
            .map(|e| e.engine.name())
            .collect(),
        ..Legend::default()
    };
    for group in &groups {
        let verdict = painted(group, verdicts, paint);
        let mut line = format!("  {}  {verdict}", pad(&fit(&group.name, width), width));
        for (i, _, column) in &columns {
            line.push_str(&format!(
                "  {}",
                group.cell(*i, *column, paint, &mut legend)
            ));
        }
        line.push_str(&format!("  {}", paint.dim(&group.rests_on(paint))));
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if let Some(text) = legend.text() {
        out.push_str(&format!("  {}\n", paint.dim(&text)));
    }
}

fn fit(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Rows that are shown as one.
struct Group<'a> {
    name: String,
    first: &'a PropertyResult,
    rows: Vec<&'a PropertyResult>,
}

/// A row each; automatic properties that need no look are one row a verdict, unless everything is to be shown.
fn groups<'a>(report: &'a Report, paint: &Paint) -> Vec<Group<'a>> {
    let dull = |p: &PropertyResult| {
        p.automatic
            && !paint.style.verbose
            && match p.verdict {
                PropertyVerdict::Holds
                | PropertyVerdict::Unknown
                | PropertyVerdict::Unavailable => true,
                PropertyVerdict::Violated
                | PropertyVerdict::Vacuous
                | PropertyVerdict::Disagreement
                | PropertyVerdict::Unreplayable => false,
            }
    };
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut together: Vec<Group<'a>> = Vec::new();
    for row in &report.properties {
        let known = together
            .iter_mut()
            .find(|g| dull(row) && g.first.verdict == row.verdict);
        match known {
            Some(group) => group.rows.push(row),
            None => {
                let group = Group {
                    name: row.id.clone(),
                    first: row,
                    rows: vec![row],
                };
                if dull(row) {
                    together.push(group)
                } else {
                    groups.push(group)
                }
            }
        }
    }
    for mut group in together {
        if group.rows.len() > 1 {
            group.name = format!("{} automatic properties", group.rows.len());
        }
        groups.push(group);
    }
    groups
}

impl Group<'_> {
    fn verdict(&self) -> &'static str {
        match self.first.verdict {
            PropertyVerdict::Holds if self.rows.len() > 1 => "hold",
            PropertyVerdict::Violated if self.first.expect_violated => "violated, as expected",
            PropertyVerdict::Holds
            | PropertyVerdict::Violated
            | PropertyVerdict::Vacuous
            | PropertyVerdict::Unknown
            | PropertyVerdict::Unavailable
            | PropertyVerdict::Disagreement
            | PropertyVerdict::Unreplayable => self.first.verdict.word(),
        }
    }

    /// An engine's answer; for several rows the one they share, else how many of them hold.
    fn cell(&self, engine: usize, width: usize, paint: &Paint, legend: &mut Legend) -> String {
        let cells: Vec<&AnswerCell> = self
            .rows
            .iter()
            .filter_map(|r| r.cells.get(engine))
            .collect();
        let Some(first) = cells.first() else {
            return pad("", width);
        };
        if cells.iter().all(|c| c.answer == first.answer) {
            return self::cell(first, width, paint, legend);
        }
        let holds = cells.iter().filter(|c| c.answer == "holds").count();
        paint.dim(&pad(&format!("{holds}/{}", cells.len()), width))
    }

    /// The weakest class of assurance, and the people a `holds` counts on.
    fn rests_on(&self, paint: &Paint) -> String {
        if self.first.verdict != PropertyVerdict::Holds {
            return String::new();
        }
        let weakest = self
            .rows
            .iter()
            .map(|r| r.assurance)
            .min()
            .unwrap_or(self.first.assurance);
        let assumed = if paint.style.verbose {
            &self.first.assumptions
        } else {
            &self.first.human_assumptions
        };
        if assumed.is_empty() {
            weakest.phrase().to_owned()
        } else {
            format!(
                "{}; assumes {} in the end",
                weakest.phrase(),
                assumed.join(", ")
            )
        }
    }
}

fn painted(group: &Group<'_>, width: usize, paint: &Paint) -> String {
    let text = pad(group.verdict(), width);
    let expected = group.first.expect_violated;
    match group.first.verdict {
        PropertyVerdict::Holds if !expected => paint.green(&text),
        PropertyVerdict::Violated if expected => paint.green(&text),
        PropertyVerdict::Holds
        | PropertyVerdict::Violated
        | PropertyVerdict::Disagreement
        | PropertyVerdict::Unreplayable => paint.red(&text),
        PropertyVerdict::Vacuous | PropertyVerdict::Unknown | PropertyVerdict::Unavailable => {
            paint.yellow(&text)
        }
    }
}

#[derive(Default)]
struct Legend {
    unknown: bool,
    not_asked: bool,
    missing: bool,
    error: bool,
    cached: Vec<&'static str>,
}

impl Legend {
    fn text(&self) -> Option<String> {
        let cached = self
            .cached
            .iter()
            .map(|engine| format!("{engine}: kept from an earlier run on the same bytes"));
        let parts: Vec<String> = [
            (self.unknown, "? does not know"),
            (self.not_asked, "· cannot be asked"),
            (self.missing, "– not there"),
            (self.error, "! failed"),
        ]
        .iter()
        .filter(|(on, _)| *on)
        .map(|(_, text)| (*text).to_owned())
        .chain(cached)
        .collect();
        (!parts.is_empty()).then(|| parts.join("   "))
    }
}

fn cell(cell: &AnswerCell, width: usize, paint: &Paint, legend: &mut Legend) -> String {
    match cell.answer {
        "holds" => paint.green(&pad("✓", width)),
        "violated" => paint.red(&pad("✗", width)),
        "unknown" => {
            legend.unknown = true;
            paint.yellow(&pad("?", width))
        }
        "not_asked" => {
            legend.not_asked = true;
            paint.dim(&pad("·", width))
        }
        "unavailable" => {
            legend.missing = true;
            paint.dim(&pad("–", width))
        }
        _ => {
            legend.error = true;
            paint.red(&pad("!", width))
        }
    }
}
