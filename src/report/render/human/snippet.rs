//! The user's own lines with marks under them, by miette.

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};

use super::paint::Style;
use crate::ir::{SourceId, Sources, Span};
use crate::report::plain;

/// A headline and the lines it speaks of.
pub(super) struct Snippet<'a> {
    pub(super) severity: Severity,
    pub(super) title: String,
    /// Places with a few words each, the main one first.
    pub(super) labels: Vec<(Span, String)>,
    pub(super) sources: &'a Sources,
}

#[derive(Debug)]
struct Shown {
    severity: Severity,
    title: String,
    labels: Vec<LabeledSpan>,
    source: Option<Lines>,
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|s| s as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<_>)
    }
}

/// A file of which only the marked lines are shown, each whole. What is asked for with context gets the whole of its own
/// lines and no others; without context, as when line and column are sought, it gets what it asks for.
#[derive(Debug)]
struct Lines {
    name: String,
    text: String,
}

impl SourceCode for Lines {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (mut start, mut end) = (span.offset(), span.offset() + span.len());
        if before > 0 {
            start = self
                .text
                .get(..start)
                .and_then(|t| t.rfind('\n'))
                .map_or(0, |n| n + 1);
            end = self
                .text
                .get(end..)
                .and_then(|t| t.find('\n'))
                .map_or(self.text.len(), |n| end + n);
        }
        let found = self.text.read_span(&(start, end - start).into(), 0, 0)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            found.data(),
            *found.span(),
            found.line(),
            found.column(),
            found.line_count(),
        )))
    }
}

impl Snippet<'_> {
    /// Headline and lines. Only places in the first place's file are shown.
    pub(super) fn render(&self, style: &Style) -> String {
        let file = self.labels.first().map_or(SourceId(0), |(s, _)| s.source);
        let source = self.sources.get(file).filter(|_| !self.labels.is_empty());
        let shown = Shown {
            severity: self.severity,
            title: self.title.clone(),
            labels: self
                .labels
                .iter()
                .filter(|(s, _)| s.source == file)
                .enumerate()
                .map(|(i, (span, words))| self.label(i == 0, *span, words))
                .collect(),
            source: source.map(|f| Lines {
                name: plain::line(&f.name).into_owned(),
                text: plain::same_length(&f.text).into_owned(),
            }),
        };
        let theme = if style.color {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(style.width.max(40))
            .with_context_lines(1)
            .with_links(false)
            .without_syntax_highlighting();
        let mut out = String::new();
        if handler.render_report(&mut out, &shown).is_err() {
            out = format!("  {}\n", self.title);
        }
        let out: Vec<&str> = out
            .lines()
            .map(str::trim_end)
            .filter(|l| !l.is_empty())
            .collect();
        let mut text = out.join("\n");
        text.push('\n');
        text
    }

    /// Only a span's first line is marked; the rest would push everything else off the screen.
    fn label(&self, main: bool, span: Span, words: &str) -> LabeledSpan {
        let text = self.sources.text(span);
        let len = text.lines().next().map_or(0, str::len);
        let words = (!words.is_empty()).then(|| words.to_owned());
        let place = (span.start as usize, len);
        if main {
            LabeledSpan::new_primary_with_span(words, place)
        } else {
            LabeledSpan::new_with_span(words, place)
        }
    }
}
