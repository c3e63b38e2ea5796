//! Keeps what Z3 was asked as files that any SMT-LIB solver can be given; the recorded answers stand in them as `:status`.

use std::io;
use std::path::Path;

use crate::lower::smt::script::Script;

/// Writes `z3-<name>.smt2` for every record.
///
/// # Errors
/// If the folder cannot be written to.
pub fn write(folder: &Path, records: &[(String, Script)]) -> io::Result<()> {
    fs_err::create_dir_all(folder)?;
    for (name, script) in records {
        fs_err::write(folder.join(format!("z3-{name}.smt2")), script.print())?;
    }
    Ok(())
}
