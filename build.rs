//! Embeds the directory of libz3 into the binary, so that plain `cargo build` gives a program that starts.

fn main() {
    println!("cargo:rerun-if-env-changed=PKG_CONFIG_PATH");
    if std::env::var_os("CARGO_FEATURE_VENDORED_Z3").is_some() {
        return;
    }
    match pkg_config::get_variable("z3", "libdir") {
        Ok(dir) if !dir.is_empty() => println!("cargo:rustc-link-arg=-Wl,-rpath,{dir}"),
        Ok(_) | Err(_) => println!(
            "cargo:warning=no z3.pc found: run ./tribunal once, it sets up .venv and the pkg-config file"
        ),
    }
}
