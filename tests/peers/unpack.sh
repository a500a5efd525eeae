# unpack.sh: mail servers that the tests talk to beside Postfix. Debian lets only one mail server be installed, so Exim
# and OpenSMTPD are downloaded and unpacked, never installed; it prints the folder. Runs as root, under sh.
#
# The folder is the system's and not the target folder: Exim gives up root and then starts itself again, and no other
# account may enter a home folder.
set -eu
. "$(dirname "$0")/fetch.sh"
folder=/var/cache/rollcall-tests
fetch "$folder" exim4-daemon-light exim4-base opensmtpd
# Accounts that these servers insist on; without home, shell or password.
for account in Debian-exim opensmtpd opensmtpq vmail; do
    id "$account" >/dev/null 2>&1 && continue
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$account"
done
# OpenSMTPD has these paths compiled in; they are mount points for folders of the tests.
mkdir -p /var/spool/smtpd /usr/libexec/opensmtpd /var/lib/opensmtpd/empty
echo "$folder"
