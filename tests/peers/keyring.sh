# keyring.sh: the keychain that the tests ask. GNOME Keyring is downloaded and unpacked, never installed: an installed one
# would answer on the desktop of other tests. It prints the folder. Doing it twice changes nothing, and two at once wait for
# each other.
set -eu
folder=/var/cache/rollcall-tests/keyring
umask 022
mkdir -p "$folder"
cd "$folder"
exec 9>lock
flock 9
for package in gnome-keyring libgck-1-0 libgcr-base-3-1; do
    [ -e ".$package" ] && continue
    # apt fetches as an account of its own where it may write; here it may not, and says so at length.
    apt-get -qq -o APT::Sandbox::User=root download "$package" >&2
    dpkg-deb -x "$package"_*.deb .
    rm -f "$package"_*.deb
    touch ".$package"
done
echo "$folder"
