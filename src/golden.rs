//! Reference results of an independent implementation, for tests; see
//! `tests/golden/README.md`.

use serde::Deserialize;

use crate::model::Model;

#[derive(Deserialize)]
pub(crate) struct Golden {
    pub(crate) items: Vec<Item>,
    weights_sha256: String,
}

#[derive(Deserialize)]
pub(crate) struct Item {
    pub(crate) text: String,
    pub(crate) ids: Vec<u32>,
    pub(crate) offsets: Vec<(usize, usize)>,
    pub(crate) mean: Vec<f32>,
    pub(crate) tokens: Option<Vec<Vec<f32>>>,
    pub(crate) attention: Option<Vec<Vec<f32>>>,
    pub(crate) logits: Logits,
}

#[derive(Deserialize)]
pub(crate) struct Logits {
    pub(crate) sentiment: Vec<f32>,
    pub(crate) stars: Vec<f32>,
    pub(crate) emotions: Vec<f32>,
    pub(crate) act: Vec<f32>,
    pub(crate) urgency: Vec<f32>,
    pub(crate) mixed: Vec<f32>,
    pub(crate) topics: Vec<[f32; 4]>,
}

/// Each model with its reference results.
pub(crate) fn all() -> Vec<(Model, Golden)> {
    let root = env!("CARGO_MANIFEST_DIR");
    [
        ("tests/fixtures/tiny-model", "tiny"),
        ("models/painpoint-base", "base"),
        ("models/painpoint-fast", "fast"),
    ]
    .into_iter()
    .map(|(dir, name)| {
        let model = Model::load(format!("{root}/{dir}")).expect("a model of the repository");
        let json = std::fs::read(format!("{root}/tests/golden/{name}.json"))
            .expect("a golden file of the repository");
        let golden: Golden = serde_json::from_slice(&json).expect("a golden file");
        let stamp = &model.manifest().files["weights.safetensors"];
        assert_eq!(
            golden.weights_sha256, stamp.sha256,
            "{name}.json is of other weights"
        );
        (model, golden)
    })
    .collect()
}

/// Fails with the worst of all differences if it exceeds `tolerance`.
pub(crate) fn assert_close(ours: &[f32], reference: &[f32], tolerance: f32, what: &str) {
    assert_eq!(ours.len(), reference.len(), "{what}");
    let differences = ours
        .iter()
        .zip(reference)
        .map(|(ours, reference)| (ours - reference).abs());
    let worst = differences.fold(0.0, f32::max);
    assert!(worst <= tolerance, "{what}: off by {worst}");
}
