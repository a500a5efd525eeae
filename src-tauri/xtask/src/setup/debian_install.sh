# Installs the Debian packages given as arguments. Runs as root, under sh.
# While packages are set up, policy-rc.d forbids that any service starts; it is removed again whatever happens.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
    trap 'rm -f "$guard"' EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$guard"
    chmod 755 "$guard"
fi
case " $* " in
*" postfix "*) echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections ;;
esac
apt-get -q -o DPkg::Lock::Timeout=600 update
apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold \
    --no-install-recommends --no-remove install "$@"
