//! Signs of life on stderr while engines work: who is doing what, states so far, rate. Only on a terminal.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::engine::Progress;
use crate::finding::Engine;
use crate::report::plain;

/// Lines on the terminal, one an engine.
#[derive(Debug, Default)]
pub struct Lines {
    shown: bool,
    all: MultiProgress,
    bars: Mutex<BTreeMap<Engine, ProgressBar>>,
}

impl Lines {
    /// Lines that are shown, or are not.
    #[must_use]
    pub fn new(shown: bool) -> Self {
        Self {
            shown,
            ..Self::default()
        }
    }

    /// Shows a sign of life.
    pub fn show(&self, progress: &Progress) {
        if !self.shown {
            return;
        }
        let Ok(mut bars) = self.bars.lock() else {
            return;
        };
        let bar = bars.entry(progress.engine).or_insert_with(|| {
            let bar = self.all.add(ProgressBar::new_spinner());
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {prefix:8} {elapsed:>4}  {wide_msg}")
            {
                bar.set_style(style);
            }
            bar.set_prefix(progress.engine.name());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        bar.set_message(words(progress));
    }

    /// Takes the lines away.
    pub fn clear(&self) {
        if let Ok(mut bars) = self.bars.lock() {
            for bar in std::mem::take(&mut *bars).into_values() {
                bar.finish_and_clear();
            }
        }
    }
}

fn words(progress: &Progress) -> String {
    let mut text = plain::line(&progress.doing).into_owned();
    if let Some(states) = progress.states {
        text.push_str(&format!(", {states} states"));
    }
    if let Some(rate) = progress.rate {
        text.push_str(&format!(", {rate:.0}/s"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_of_life_tells_states_and_rate_where_they_are_known() {
        let mut progress = Progress {
            engine: Engine::Explore,
            doing: "searching\u{7}".into(),
            states: None,
            rate: None,
        };
        assert_eq!(words(&progress), "searching\\u{7}");
        progress.states = Some(1200);
        progress.rate = Some(99.6);
        assert_eq!(words(&progress), "searching\\u{7}, 1200 states, 100/s");
    }
}
