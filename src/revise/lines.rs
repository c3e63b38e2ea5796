//! Which lines of a text another one lacks, and which it has besides: for people to look at, nothing hangs on it.

/// A line that is in one of two texts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'t> {
    /// In the old text, with its number there.
    Gone(usize, &'t str),
    /// In the new text, with its number there.
    New(usize, &'t str),
}

/// The most pairs of lines that are compared to find the best fit; beyond it all lines in between count as changed.
const MOST: usize = 4_000_000;

/// The lines in which two texts differ, in order; line ends do not count.
#[must_use]
pub fn changed<'t>(old: &'t str, new: &'t str) -> Vec<Line<'t>> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = |v: &[&'t str]| v.get(front..).unwrap_or_default().to_vec();
    let (mut a, mut b) = (rest(&a), rest(&b));
    while a.last().is_some() && a.last() == b.last() {
        a.pop();
        b.pop();
    }
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    let table = (a.len().saturating_mul(b.len()) <= MOST).then(|| longest(&a, &b));
    let best = |i: usize, j: usize| -> u32 {
        let row = table.as_ref().and_then(|t| t.get(i));
        row.and_then(|r| r.get(j)).copied().unwrap_or(0)
    };
    loop {
        match (a.get(i), b.get(j)) {
            (None, None) => return found,
            (Some(x), Some(y)) if table.is_some() && x == y => {
                i += 1;
                j += 1;
            }
            (Some(x), y) if y.is_none() || best(i + 1, j) >= best(i, j + 1) => {
                found.push(Line::Gone(front + i + 1, x));
                i += 1;
            }
            (_, Some(y)) => {
                found.push(Line::New(front + j + 1, y));
                j += 1;
            }
            (Some(_), None) => return found,
        }
    }
}

/// By how many lines of each text are left out: how many lines the rest of both has in common, in order.
fn longest(a: &[&str], b: &[&str]) -> Vec<Vec<u32>> {
    let mut rows = vec![vec![0; b.len() + 1]];
    for x in a.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0; b.len() + 1];
        let mut right = 0;
        for (j, y) in b.iter().enumerate().rev() {
            let at = |k: usize| below.get(k).copied().unwrap_or(0);
            right = if x == y {
                at(j + 1) + 1
            } else {
                at(j).max(right)
            };
            if let Some(cell) = row.get_mut(j) {
                *cell = right;
            }
        }
        rows.push(row);
    }
    rows.reverse();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_stay_are_not_named() {
        let found = changed("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n");
        assert_eq!(
            found,
            [Line::Gone(2, "b"), Line::New(2, "x"), Line::New(5, "e")]
        );
        assert_eq!(changed("a\r\nb", "a\nb\n"), []);
        assert_eq!(changed("", "a"), [Line::New(1, "a")]);
        assert_eq!(changed("a\nb\n", "b\n"), [Line::Gone(1, "a")]);
    }
}
