//! A model with anything in its files: it is refused, or it answers.
//!
//! Its hashes are not looked at, since they would stop every input. An input is
//! a manifest, which begins with a brace, or a row of changes to the files of
//! the tiny model: which file, where, how many bytes, the bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use painpoint::Feedback;
use painpoint::stages::Stages;

const FILES: [&[u8]; 3] = [
    include_bytes!("../../fixtures/tiny-model/manifest.json"),
    include_bytes!("../../fixtures/tiny-model/tokenizer.json"),
    include_bytes!("../../fixtures/tiny-model/weights.safetensors"),
];

fuzz_target!(|input: &[u8]| {
    let mut files = FILES.map(<[u8]>::to_vec);
    if input.starts_with(b"{") {
        files[0] = input.to_vec();
    } else {
        change(&mut files, input);
    }
    let Ok(stages) = Stages::unverified(files) else {
        return;
    };
    let text = "Late again, 客服也不理人。 มาช้ามาก ! Et personne ne répond.";
    let document = Stages::prepare(&Feedback::new("input", text));
    let windows = stages.tokenize(&document);
    let vectors = stages.encode(&windows);
    let scores = stages.classify(&document, &windows, &vectors);
    stages.interpret(&document, &windows, scores);
});

fn change(files: &mut [Vec<u8>; 3], mut changes: &[u8]) {
    while let Some((&[file, a, b, c, length], rest)) = changes.split_first_chunk() {
        let file = &mut files[usize::from(file) % 3];
        let at = u32::from_le_bytes([a, b, c, 0]) as usize % file.len();
        let (bytes, rest) = rest.split_at(rest.len().min(length.into()));
        let end = file.len().min(at + bytes.len());
        file[at..end].copy_from_slice(&bytes[..end - at]);
        changes = rest;
    }
}
