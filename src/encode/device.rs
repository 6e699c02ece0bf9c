//! Where an engine computes that has the choice.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// What [`Engine::RustBert`](super::Engine::RustBert) and checkpoints compute on.
///
/// ```
/// use painpoint::Device;
///
/// assert_eq!("cuda:1".parse::<Device>()?, Device::Cuda(1));
/// assert_eq!(Device::default().to_string(), "cpu");
/// # Ok::<(), painpoint::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The graphics processor of that number, by CUDA.
    Cuda(usize),
}

/// `cpu` or `cuda:0`.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.pad("cpu"),
            Self::Cuda(index) => write!(f, "cuda:{index}"),
        }
    }
}

/// `cpu`, `cuda` for the first one, or `cuda:N`.
impl FromStr for Device {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let index = |name: &str| name.strip_prefix("cuda:")?.parse().ok();
        match name {
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            _ => index(name).map(Self::Cuda).ok_or_else(|| {
                Error::new(ErrorKind::Config, format!("no device is called {name}"))
                    .with_hint("one of cpu, cuda, cuda:0, cuda:1, …")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_have_names() {
        let cases = [
            ("cpu", Some(Device::Cpu)),
            ("cuda", Some(Device::Cuda(0))),
            ("cuda:3", Some(Device::Cuda(3))),
            ("cuda:", None),
            ("cuda:-1", None),
            ("CPU", None),
            ("", None),
        ];
        for (name, device) in cases {
            assert_eq!(name.parse().ok(), device, "{name}");
        }
        assert_eq!(Device::Cuda(3).to_string(), "cuda:3");
    }
}
