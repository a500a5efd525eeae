//! The names of a user that nobody gave (D19): read from the address.

use rollcall_core::guess::{self, Looks};
use rollcall_store::AddressRecord;

/// Fills in first name and surname where they are missing.
pub(crate) fn fill(row: &mut AddressRecord) {
    let local = row.shown.rsplit_once('@').map_or(row.shown.as_str(), |(local, _)| local);
    let Looks::LikePerson { first_name, surname } = guess::looks(local) else { return };
    row.first_name = row.first_name.take().or(first_name);
    row.surname = row.surname.take().or(surname);
}
