//! Windows of token ids → the probabilities of a checkpoint's labels.

use std::path::Path;

use rust_bert::bert::BertForSequenceClassification;
use rust_bert::distilbert::DistilBertModelClassifier;
use rust_bert::roberta::RobertaForSequenceClassification;
use tch::nn::VarStore;
use tch::{Device as TorchDevice, no_grad};

use super::config::{Architecture, Config};
use crate::encode::rust_bert::{Padded, failed, together, values};
use crate::error::{Error, Result};
use crate::kernel;

/// The files that weights are saved in, the best first.
const WEIGHTS: [&str; 2] = ["model.safetensors", "pytorch_model.bin"];

/// The network of a checkpoint.
pub(super) struct Network {
    layers: Layers,
    labels: usize,
    /// Whether several labels may hold at once.
    several: bool,
    filler: u32,
    /// How many windows are computed at once.
    together: usize,
    device: TorchDevice,
}

enum Layers {
    Bert(BertForSequenceClassification),
    DistilBert(DistilBertModelClassifier),
    Roberta(RobertaForSequenceClassification),
}

impl Network {
    pub(super) fn load(folder: &Path, config: &Config, device: TorchDevice) -> Result<Self> {
        let weights = WEIGHTS.iter().map(|name| folder.join(name));
        let weights = weights.into_iter().find(|path| path.exists());
        let weights = weights.ok_or_else(|| {
            Error::model("the checkpoint has neither model.safetensors nor pytorch_model.bin")
                .with_path(folder)
        })?;
        let mut store = VarStore::new(device);
        let root = store.root();
        let layers = match config.architecture {
            Architecture::Bert => {
                BertForSequenceClassification::new(root, &config.shape()?).map(Layers::Bert)
            }
            Architecture::DistilBert => {
                DistilBertModelClassifier::new(root, &config.shape()?).map(Layers::DistilBert)
            }
            Architecture::Roberta | Architecture::XlmRoberta => {
                RobertaForSequenceClassification::new(root, &config.shape()?).map(Layers::Roberta)
            }
        };
        let layers = layers.map_err(failed)?;
        store
            .load(&weights)
            .map_err(|error| failed(error).with_path(&weights))?;
        // Some are saved in halves.
        store.float();
        Ok(Self {
            layers,
            labels: config.labels.len(),
            several: config.several,
            filler: config.architecture.filler(),
            together: together(device),
            device,
        })
    }

    /// The probability of each label, window by window.
    pub(super) fn probabilities(&self, windows: &[&[u32]]) -> Result<Vec<Vec<f32>>> {
        let mut all = Vec::with_capacity(windows.len());
        for windows in windows.chunks(self.together) {
            let padded = Padded::new(windows, self.filler, self.device)?;
            let logits = values(&self.logits(&padded)?)?;
            all.extend(logits.chunks(self.labels).map(|logits| {
                let mut probabilities = logits.to_vec();
                match self.several {
                    true => kernel::sigmoid(&mut probabilities),
                    false => kernel::softmax(&mut probabilities),
                }
                probabilities
            }));
        }
        Ok(all)
    }

    fn logits(&self, Padded { ids, mask }: &Padded) -> Result<tch::Tensor> {
        let (ids, mask) = (Some(ids), Some(mask));
        no_grad(|| match &self.layers {
            Layers::Bert(layers) => Ok(layers.forward_t(ids, mask, None, None, None, false).logits),
            Layers::DistilBert(layers) => {
                let output = layers.forward_t(ids, mask, None, false);
                Ok(output.map_err(failed)?.logits)
            }
            Layers::Roberta(layers) => {
                Ok(layers.forward_t(ids, mask, None, None, None, false).logits)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_do_not_see_the_padding_of_others() {
        let windows: [&[u32]; 3] = [&[0, 9, 8, 7, 6, 5, 2], &[0, 2], &[0, 5, 6, 2]];
        for name in ["bert", "distilbert", "roberta", "xlm-roberta"] {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let folder = root.join("tests/fixtures/checkpoints").join(name);
            let config = Config::load(&folder).expect("a checkpoint of the repository");
            let network = Network::load(&folder, &config, TorchDevice::Cpu);
            let mut network = network.expect("a checkpoint of the repository");
            let [alone, together] = [1, windows.len()].map(|together| {
                network.together = together;
                let told = network
                    .probabilities(&windows)
                    .expect("ids of its vocabulary");
                told.concat()
            });
            for (alone, together) in alone.iter().zip(together) {
                assert!(
                    (alone - together).abs() < 1e-5,
                    "{name}: {alone}, {together}"
                );
            }
        }
    }
}
