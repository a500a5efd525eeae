# keyring.sh: the keychain that the tests ask. GNOME Keyring is downloaded and unpacked, never installed: an installed one
# would answer on the desktop of other tests. It prints the folder.
set -eu
. "$(dirname "$0")/fetch.sh"
folder=/var/cache/rollcall-tests/keyring
fetch "$folder" gnome-keyring libgck-1-0 libgcr-base-3-1
echo "$folder"
