//! What the encoder and other people's checkpoints share in dealing with libtorch.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tch::{Cuda, Device as TorchDevice, TchError, Tensor};

use crate::encode::Device;
use crate::error::{Error, ErrorKind, Result};

/// Windows that a GPU computes at once.
const TOGETHER: usize = 64;

/// The device, if it is there.
pub(crate) fn find(device: Device) -> Result<TorchDevice> {
    let Device::Cuda(index) = device else {
        return Ok(TorchDevice::Cpu);
    };
    let count = guarded(|| Ok(Cuda::device_count()))?;
    if (index as u64) < count.max(0).cast_unsigned() {
        return Ok(TorchDevice::Cuda(index));
    }
    let message = format!("there is no {device}: libtorch finds {count} GPUs");
    Err(Error::new(ErrorKind::Config, message).with_hint(
        "a GPU needs a driver and a libtorch with CUDA, which models/rust-bert/fetch-libtorch.sh does not fetch; or use --device cpu",
    ))
}

/// How many windows to compute at once. On a processor one: nothing is padded
/// then, and a window has the same bits whatever stands beside it.
pub(crate) fn together(device: TorchDevice) -> usize {
    match device {
        TorchDevice::Cpu => 1,
        _ => TOGETHER,
    }
}

/// Windows side by side, `[windows, tokens of the longest]`.
pub(crate) struct Padded {
    pub(crate) ids: Tensor,
    /// 1 for a token, 0 for what fills up a shorter window.
    pub(crate) mask: Tensor,
}

impl Padded {
    pub(crate) fn new(windows: &[&[u32]], filler: u32, device: TorchDevice) -> Result<Self> {
        let longest = windows
            .iter()
            .map(|window| window.len())
            .max()
            .unwrap_or_default();
        let mut ids = Vec::with_capacity(windows.len() * longest);
        let mut mask = Vec::with_capacity(windows.len() * longest);
        for window in windows {
            let padding = longest - window.len();
            ids.extend(window.iter().map(|&id| i64::from(id)));
            ids.extend(std::iter::repeat_n(i64::from(filler), padding));
            mask.extend(std::iter::repeat_n(1, window.len()));
            mask.extend(std::iter::repeat_n(0, padding));
        }
        let tensor = |values: &[i64]| {
            let values = Tensor::f_from_slice(values)?;
            values
                .f_reshape([windows.len() as i64, longest as i64])?
                .f_to_device(device)
        };
        Ok(Self {
            ids: tensor(&ids).map_err(failed)?,
            mask: tensor(&mask).map_err(failed)?,
        })
    }
}

/// The values of a tensor, row after row.
pub(crate) fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    let copy = || -> std::result::Result<_, TchError> {
        let tensor = tensor.f_to_device(TorchDevice::Cpu)?.f_reshape([-1])?;
        Vec::try_from(&tensor)
    };
    copy().map_err(failed)
}

/// What went wrong in libtorch or in `rust-bert`.
pub(crate) fn failed(error: impl Display) -> Error {
    let text = error.to_string();
    // Behind the first line stands the stack of C++.
    let what = text.lines().next().unwrap_or("libtorch failed");
    Error::new(ErrorKind::Encoder, format!("libtorch: {what}"))
}

/// Makes an error of a panic. What is known to make `rust-bert` panic is refused
/// before it gets there; the rest, such as no memory on the GPU, ends here.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(failed(text.unwrap_or("a panic without a word")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_windows_are_filled_up_and_masked() {
        let windows: [&[u32]; 2] = [&[5, 6, 7], &[8]];
        let padded = Padded::new(&windows, 1, TorchDevice::Cpu).expect("small tensors");
        let rows = |tensor: &Tensor| Vec::<Vec<i64>>::try_from(tensor).expect("two dimensions");
        assert_eq!(rows(&padded.ids), [[5, 6, 7], [8, 1, 1]]);
        assert_eq!(rows(&padded.mask), [[1, 1, 1], [1, 0, 0]]);
    }

    #[test]
    fn a_panic_is_an_error_of_one_line() {
        let error = guarded(|| -> Result<()> { panic!("no memory\nat frame 0") });
        let error = error.expect_err("a panic").to_string();
        assert_eq!(error, "libtorch: no memory");
        assert!(guarded(|| Ok(1)).is_ok_and(|one| one == 1));
    }

    #[test]
    fn a_gpu_that_is_not_there_is_named() {
        let error = find(Device::Cuda(1000)).expect_err("a thousand GPUs");
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("no cuda:1000"), "{error}");
    }
}
