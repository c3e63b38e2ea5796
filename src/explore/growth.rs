//! Which variable's range drives the growth of a search that was too large. Explains only.

use rustc_hash::FxHashSet;

use crate::explore::pack::Layout;
use crate::explore::space::Space;
use crate::ir::Cell;
use crate::model::System;

/// The latest states looked at, by shard.
const LATEST: usize = 20_000;

/// A note on the variable with the most values among the latest states; `None` when there are no variables.
#[must_use]
pub fn note<const W: usize>(system: &System, layout: &Layout, space: &Space<W>) -> Option<String> {
    let vars = system
        .cells
        .iter()
        .zip(&layout.fields)
        .filter_map(|(cell, field)| match cell.cell {
            Cell::Var(v) => Some((v, field)),
            Cell::State | Cell::Has(_) | Cell::Bit(..) | Cell::Field(..) => None,
        });
    let counted = vars.map(|(var, field)| {
        let mut codes = FxHashSet::default();
        for shard in &space.shards {
            let end = shard.len();
            let latest = shard.states(end.saturating_sub(LATEST), end);
            codes.extend(latest.iter().map(|s| field.get(s)));
        }
        (codes.len(), var)
    });
    let (values, var) = counted.max_by_key(|(n, var)| (*n, std::cmp::Reverse(*var)))?;
    (values > 1).then(|| {
        let name = system.symbols.var_name(var);
        format!("`{name}` takes {values} values among the latest states, more than any other variable: a smaller range would shrink the search most")
    })
}
