//! Links the libz3 that pkg-config names and embeds its directory, so that plain `cargo build` gives a program that starts.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=.tools/pkgconfig/z3.pc");
    if std::env::var_os("CARGO_FEATURE_VENDORED_Z3").is_some() {
        return;
    }
    match pkg_config::Config::new().cargo_metadata(false).probe("z3") {
        Ok(z3) => {
            for directory in z3.link_paths {
                let directory = directory.display();
                // The bindings search here too, unless they were compiled before the library was set up.
                println!("cargo:rustc-link-search=native={directory}");
                println!("cargo:rustc-link-arg=-Wl,-rpath,{directory}");
            }
        }
        Err(_) => {
            println!("cargo:warning=no Z3 found: run scripts/setup.sh once, it puts one into .venv")
        }
    }
}
