# check.sh: whether Microsoft's own clients accept the stand-in. Not part of the tests: it needs the network once, and
# minutes. Under sh, from anywhere:
#   python3 -m venv V && V/bin/pip install msgraph-sdk azure-identity msal && sh check.sh V/bin/python check_sdk.py
#   npm install @microsoft/microsoft-graph-client @azure/msal-node     # in a folder N
#   (cd N && sh .../check.sh node check_js.mjs)
set -eu
program=$1 script=$2
here=$(CDPATH= cd -- "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
ROLLCALL_BULK=1250 python3 "$here/graph_standin.py" "$folder" </dev/null >"$folder/facts" &
standin=$!
trap 'kill "$standin"; rm -rf "$folder"' EXIT
until grep -q READY "$folder/facts"; do sleep 0.1; done
sed -i /READY/d "$folder/facts"
NODE_EXTRA_CA_CERTS="$folder/ca.pem" "$program" "$here/$script" <"$folder/facts"
