# unpack.sh: mail servers that the tests talk to beside Postfix. Debian lets only one mail server be installed, so Exim
# and OpenSMTPD are downloaded and unpacked, never installed; it prints the folder. Runs as root, under sh; doing it twice
# changes nothing, and two at once wait for each other.
#
# The folder is the system's and not the target folder: Exim gives up root and then starts itself again, and no other
# account may enter a home folder.
set -eu
folder=/var/cache/rollcall-tests
umask 022
mkdir -p "$folder"
cd "$folder"
exec 9>lock
flock 9
for package in exim4-daemon-light exim4-base opensmtpd; do
    [ -e ".$package" ] && continue
    # apt fetches as an account of its own where it may write; here it may not, and says so at length.
    apt-get -qq -o APT::Sandbox::User=root download "$package" >&2
    dpkg-deb -x "$package"_*.deb .
    rm -f "$package"_*.deb
    touch ".$package"
done
# Accounts that these servers insist on; without home, shell or password.
for account in Debian-exim opensmtpd opensmtpq vmail; do
    id "$account" >/dev/null 2>&1 && continue
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$account"
done
# OpenSMTPD has these paths compiled in; they are mount points for folders of the tests.
mkdir -p /var/spool/smtpd /usr/libexec/opensmtpd /var/lib/opensmtpd/empty
echo "$folder"
