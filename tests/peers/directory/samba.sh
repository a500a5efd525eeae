# samba.sh FOLDER ADDRESS: a Samba AD domain controller that was provisioned and filled with the small office, ready to be
# started with FOLDER/smb.conf on ADDRESS, a loopback address of its own: Samba's ports (389, 636) are fixed in its code.
# FOLDER/ca.pem, server.pem and server.key are there already. Runs as root, under sh.
#
# Provisioning takes half a minute, so the result is kept in the system's cache, named after what it was made from; two at
# once wait for each other. Without arguments that is all that is done.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -eq 0 ]; then
    folder=$(mktemp -d) address=127.0.0.39
    trap 'rm -rf "$folder"' EXIT
    : >"$folder/server.key"
else
    folder=$1 address=$2
fi
cache=/var/cache/rollcall-tests
umask 022
mkdir -p "$cache"
# The number is to be raised when how it is provisioned changes.
kept=$cache/ad1-$(cat "$here/samba_fill.py" "$here/dataset.py" | sha256sum | cut -c1-16).tar.zst
for name in private state cache lock run ncalrpc ntp; do mkdir -p "$folder/$name"; done
chmod 600 "$folder/server.key"
cat >"$folder/smb.conf" <<CONF
[global]
netbios name = DC1
realm = AD.OFFICE.TEST
workgroup = OFFICE
server role = active directory domain controller
server services = ldap cldap
interfaces = $address/8
bind interfaces only = yes
disable netbios = yes
private dir = $folder/private
state directory = $folder/state
cache directory = $folder/cache
lock directory = $folder/lock
pid directory = $folder/run
ncalrpc dir = $folder/ncalrpc
ntp signd socket directory = $folder/ntp
log file = $folder/samba.log
log level = 1
tls enabled = yes
tls cafile = $folder/ca.pem
tls certfile = $folder/server.pem
tls keyfile = $folder/server.key
tls verify peer = no_check
ldap server require strong auth = yes
CONF
exec 9>"$cache/ad.lock"
flock 9
if [ ! -s "$kept" ]; then
    made=$folder/made
    samba-tool domain provision --targetdir="$made" --realm=AD.OFFICE.TEST --domain=OFFICE --server-role=dc \
        --dns-backend=NONE --adminpass='Adm1n-Pass!' --host-name=dc1 --host-ip="$address" \
        --option="interfaces=$address/8" --option="bind interfaces only=yes" >"$folder/provision.log" 2>&1 ||
        { tail -5 "$folder/provision.log" >&2; exit 1; }
    rm -rf "$folder/private" "$folder/state"
    mv "$made/private" "$made/state" "$folder/"
    rm -rf "$made"
    /usr/bin/python3 "$here/samba_fill.py" "$folder/smb.conf" >&2
    rm -f "$cache"/ad*.tar.zst
    tar -C "$folder" -I 'zstd -10' -cSf "$kept.new" private state
    mv "$kept.new" "$kept"
else
    tar -C "$folder" -I zstd -xSf "$kept"
fi
