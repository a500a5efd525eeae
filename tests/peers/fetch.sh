# fetch.sh: for scripts to take in with `.`; downloads packages and unpacks them, and installs nothing.
# `fetch FOLDER PACKAGE…` leaves the script in that folder. Doing it twice changes nothing, and two at once wait for each other.
fetch() {
    umask 022
    mkdir -p "$1"
    cd "$1"
    shift
    exec 9>lock
    flock 9
    for package in "$@"; do
        [ -e ".$package" ] && continue
        # apt fetches as an account of its own where it may write; here it may not, and says so at length.
        apt-get -qq -o APT::Sandbox::User=root download "$package" >&2
        dpkg-deb -x "$package"_*.deb .
        rm -f "$package"_*.deb
        touch ".$package"
    done
}
