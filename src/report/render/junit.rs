//! The report as JUnit XML: a test suite a file, a test case a property, and one more for each finding without property.

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::Page;
use super::places::Place;
use crate::finding::Severity;
use crate::report::outcome::{Finding, PropertyResult};
use crate::report::plain;
use crate::report::verdict::PropertyVerdict;

/// The XML of several reports. Errors only if the XML cannot be written as text.
pub fn render(pages: &[Page<'_>]) -> Result<String, quick_junit::SerializeError> {
    let mut junit = Junit::new("tribunal");
    for page in pages {
        junit.add_test_suite(suite(*page));
    }
    junit.to_string()
}

fn suite(page: Page<'_>) -> TestSuite {
    let mut suite = TestSuite::new(plain::line(&page.report.about.file).into_owned());
    let own: Vec<(&PropertyResult, Vec<&Finding>)> = page
        .report
        .properties
        .iter()
        .map(|row| {
            let about = page
                .report
                .findings
                .iter()
                .filter(|f| f.property.as_deref() == Some(row.id.as_str()));
            (row, about.collect())
        })
        .collect();
    for (row, findings) in &own {
        suite.add_test_case(property_case(page, row, findings));
    }
    let told = |f: &Finding| {
        own.iter()
            .any(|(row, _)| f.property.as_deref() == Some(row.id.as_str()))
    };
    for finding in page.report.findings.iter().filter(|f| !told(f)) {
        let mut status = if finding.severity == Severity::Info {
            TestCaseStatus::success()
        } else {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        };
        status
            .set_message(finding.title.clone())
            .set_type(finding.kind.word())
            .set_description(body(page, finding));
        let name = format!(
            "{} {}",
            finding.kind.word(),
            plain::line(&finding.subject.name)
        );
        suite.add_test_case(case(name, "finding", status));
    }
    suite
}

fn property_case(page: Page<'_>, row: &PropertyResult, findings: &[&Finding]) -> TestCase {
    let fails = findings.iter().any(|f| f.severity != Severity::Info);
    let passes = match row.verdict {
        PropertyVerdict::Holds => !fails,
        PropertyVerdict::Violated => row.expect_violated && !fails,
        PropertyVerdict::Vacuous
        | PropertyVerdict::Unknown
        | PropertyVerdict::Unavailable
        | PropertyVerdict::Disagreement
        | PropertyVerdict::Unreplayable => false,
    };
    let status = if passes {
        TestCaseStatus::success()
    } else {
        let kind = match row.verdict {
            PropertyVerdict::Unknown
            | PropertyVerdict::Unavailable
            | PropertyVerdict::Disagreement
            | PropertyVerdict::Unreplayable => NonSuccessKind::Error,
            PropertyVerdict::Holds | PropertyVerdict::Violated | PropertyVerdict::Vacuous => {
                NonSuccessKind::Failure
            }
        };
        let mut status = TestCaseStatus::non_success(kind);
        let title = findings
            .first()
            .map_or_else(|| row.verdict.word().to_owned(), |f| f.title.clone());
        let text: Vec<String> = findings.iter().map(|f| body(page, f)).collect();
        status
            .set_message(title)
            .set_type(row.verdict.word())
            .set_description(text.join("\n"));
        status
    };
    case(row.id.clone(), row.form, status)
}

fn case(name: String, class: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    case
}

fn body(page: Page<'_>, finding: &Finding) -> String {
    let mut lines = vec![format!("[{}] {}", finding.kind.word(), finding.title)];
    for place in Place::all(page.sources, &finding.spans) {
        lines.push(format!(
            "  at {}:{}:{}",
            place.file, place.line, place.column
        ));
    }
    if let Some(run) = &finding.run {
        lines.extend(super::human::steps_plain(run));
    }
    lines.extend(
        finding
            .notes
            .iter()
            .chain(&finding.suggestions)
            .map(|l| format!("  {l}")),
    );
    lines.join("\n")
}
