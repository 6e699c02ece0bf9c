//! What every encoder promises.

use painpoint::{Encoder, Engine, ErrorKind};

use crate::support::tiny_model;

fn encoders() -> impl Iterator<Item = (&'static str, Box<dyn Encoder>)> {
    let built = |engine: &&Engine| cfg!(feature = "rust-bert") || **engine != Engine::RustBert;
    Engine::ALL.iter().filter(built).map(|engine| {
        let encoder = engine.load(&tiny_model());
        (engine.code(), encoder.expect("a model of the repository"))
    })
}

fn windows() -> Vec<Vec<u32>> {
    (1..30)
        .map(|length| (0..length).map(|i| (length * 97 + i * 31) % 3000).collect())
        .collect()
}

#[test]
fn shape_and_order_follow_the_windows() {
    for (name, encoder) in encoders() {
        let windows = windows();
        let views: Vec<&[u32]> = windows.iter().map(Vec::as_slice).collect();
        let batch = encoder.encode(&views).expect("windows of valid ids");
        let mut first = 0;
        for window in &views {
            let alone = encoder.encode(&[window]).expect("a window of valid ids");
            assert_eq!(alone.len(), window.len());
            let rows = alone.rows(0, window.len());
            assert_eq!(rows.len(), window.len() * encoder.dimension());
            // Not close: the same bits.
            assert_eq!(
                batch.rows(first, window.len()),
                rows,
                "{name}, {} tokens",
                window.len()
            );
            first += window.len();
        }
        assert_eq!(batch.len(), first);
    }
}

#[test]
fn threads_do_not_change_the_bits() {
    for (name, encoder) in encoders() {
        let window = &windows()[20];
        let expected = encoder.encode(&[window]).expect("a window of valid ids");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let vectors = encoder.encode(&[window]).expect("a window of valid ids");
                    assert_eq!(vectors, expected, "{name}");
                });
            }
        });
    }
}

#[test]
fn nothing_gives_nothing() {
    for (_, encoder) in encoders() {
        let encode = |windows: &[&[u32]]| encoder.encode(windows).expect("valid ids");
        assert!(encode(&[]).is_empty());
        assert!(encode(&[&[], &[]]).is_empty());
        assert_eq!(encode(&[&[], &[7, 8], &[]]), encode(&[&[7, 8]]));
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    for (name, encoder) in encoders() {
        let long = vec![5; encoder.max_tokens() + 1];
        let error = encoder.encode(&[&long]).expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Encoder);
        let error = encoder.encode(&[&[u32::MAX]]).expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Encoder);
    }
}
