//! Tells programs that are linked with libtorch where it is, so that they start
//! without LD_LIBRARY_PATH. Does nothing without the feature rust-bert.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=models/rust-bert/build.rs");
    println!("cargo::rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    // Set by torch-sys, and only for those that depend on it directly.
    if let Some(folder) = env::var_os("DEP_TCH_LIBTORCH_LIB").map(PathBuf::from) {
        // The folder itself, not the link to it in this repository.
        let folder = folder.canonicalize().unwrap_or(folder);
        println!("cargo::rustc-link-arg=-Wl,-rpath,{}", folder.display());
    }
}
