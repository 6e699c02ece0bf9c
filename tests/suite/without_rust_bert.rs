//! What needs libtorch says so in a program that was built without it.

use painpoint::{Analyzer, Checkpoint, Device, Engine, ErrorKind};

use crate::support::{score, tiny_model};

#[test]
fn what_needs_libtorch_says_so() {
    let builder = || Analyzer::builder().model(tiny_model());
    let refused = [
        builder().engine(Engine::RustBert).build(),
        builder().checkpoint(Checkpoint::new("a folder")).build(),
    ];
    for refused in refused {
        let error = refused.expect_err("no libtorch");
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("feature rust-bert"), "{error}");
    }
    score()
        .args(["--engine", "rust-bert"])
        .write_stdin("ok\n")
        .assert()
        .code(2);
}

#[test]
fn our_own_engines_have_no_use_for_a_gpu() {
    let builder = Analyzer::builder().model(tiny_model());
    let error = builder.device(Device::Cuda(0)).build();
    let error = error.expect_err("int8 on a GPU");
    assert!(error.to_string().contains("engine int8"), "{error}");
}
