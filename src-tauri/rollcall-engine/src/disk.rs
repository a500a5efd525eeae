//! Room on the disk: mail is taken into the spool only while enough stays free, so that the machine and the mail that
//! waits already are not lost to a full disk. Mail that passes through goes on.

use crate::error::EngineError;
use crate::health::Fault;
use crate::house::House;
use crate::setup::DISK_RESERVE;

const MIB: u64 = 1024 * 1024;
/// The largest reserve that can be asked for, in mebibytes: a tebibyte.
const MOST_MIB: u64 = 1024 * 1024;

impl House {
    /// Bytes free for us on the folder's disk; `None` when the system does not say.
    #[must_use]
    pub fn disk_free(&self) -> Option<u64> {
        match fs4::available_space(&self.folder) {
            Ok(free) => Some(free),
            Err(error) => {
                tracing::warn!(%error, "the system does not say how much room the disk has");
                None
            }
        }
    }

    /// Whether content of `size` bytes may be taken into the spool. Without an answer from the system it may: then the
    /// disk itself decides.
    pub(crate) fn disk_takes(&self, size: u64) -> bool {
        let reserve = self.setup().disk_reserve;
        self.disk_free().is_none_or(|free| free >= reserve.saturating_add(size))
    }

    /// Said while the disk is too full for the spool.
    pub(crate) fn disk_fault(&self) -> Option<Fault> {
        let (free, reserve) = (self.disk_free()?, self.setup().disk_reserve);
        (free < reserve).then(|| Fault {
            code: "disk_low",
            sentence: format!(
                "The disk is nearly full ({} MB left), so no more mail is kept here. Mail still passes through while your \
                 mail server answers. Make room on the disk that holds Rollcall's data.",
                free / MIB
            ),
            detail: Some(format!("{}: {free} bytes free, {reserve} are kept free", self.folder.display())),
            since: self.clock.now(),
        })
    }

    /// How much room must stay free for mail to be taken into the spool, in mebibytes; 0 switches the check off.
    ///
    /// # Errors
    /// Invalid when it is more than a tebibyte; the store's.
    pub async fn set_disk_reserve(&self, mib: u64) -> Result<(), EngineError> {
        if mib > MOST_MIB {
            return Err(EngineError::Invalid(format!("{mib} MB can't be kept free: give 0 to {MOST_MIB}.")));
        }
        let now = self.clock.now();
        let change = move |tx: &rollcall_store::Tx<'_>| {
            tx.put_setting(DISK_RESERVE, &mib.to_string())?;
            crate::office::note(tx, "set_disk_reserve", format!("{mib} MB stay free on the disk"), now)
        };
        self.store.write(change).await?;
        self.reload()
    }
}
