"""graph_standin.py FOLDER   A stand-in for login.microsoftonline.com and graph.microsoft.com (v1.0) on one loopback port, HTTPS.
Standard library only; certificates are made, and certificate assertions checked, with the openssl command. It prints what a client
needs as KEY=VALUE lines, then READY.

What it does is what Microsoft documents for a read-only directory sync: the token endpoint (client_credentials with a secret or a
certificate assertion), /users /groups /contacts with $select $filter $top $count $orderby and paging, /users/delta and so on with
@odata.deltaLink and @removed, group members, mailboxSettings/userPurpose, deleted items, and the errors around them.
Tests steer it by lines of JSON on its standard input, each answered by one on its standard output, or through POST /_control (see
control()), and read the requests it got with the op "log" or from GET /_control/log. Graph has no such path."""
import base64, datetime, hashlib, hmac, http.server, json, os, re, secrets, ssl, subprocess, sys, tempfile, threading, time, uuid
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlsplit
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "directory"))
import dataset as ds

TENANT = "11111111-2222-3333-4444-555555555555"
TENANT_DOMAIN = "office.onmicrosoft.test"
ALL_ROLES = ["User.Read.All", "Group.Read.All", "GroupMember.Read.All", "OrgContact.Read.All", "Organization.Read.All", "Domain.Read.All", "MailboxSettings.Read"]
APPS = {  # client id: registration
    "aaaaaaaa-0000-0000-0000-000000000001": dict(name="full", secret="good-secret", roles=ALL_ROLES),
    "aaaaaaaa-0000-0000-0000-000000000002": dict(name="no permission consented", secret="good-secret", roles=[]),
    "aaaaaaaa-0000-0000-0000-000000000003": dict(name="users only", secret="good-secret", roles=["User.Read.All"]),
    "aaaaaaaa-0000-0000-0000-000000000004": dict(name="expired secret", secret="good-secret", expired=True, roles=ALL_ROLES),
    "aaaaaaaa-0000-0000-0000-000000000005": dict(name="directory only", secret="good-secret", roles=["Directory.Read.All"]),
    "aaaaaaaa-0000-0000-0000-000000000006": dict(name="knows itself", secret="good-secret", roles=[*ALL_ROLES, "Application.Read.All"]),
}
SECRET_ENDS = "2099-12-31T00:00:00Z"
SKU = "3b555118-da6a-4418-894f-7df1e2096870"      # O365_BUSINESS_ESSENTIALS
NS = uuid.UUID(TENANT)
LOCK = threading.RLock()
STATE = dict(token_lifetime=3599, page_default=100, delta_page=200, faults=[], log=[], skip_min_seq=0)
KEY = secrets.token_bytes(32)
DEFAULT_USER = ["businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id"]
DEFAULT_CONTACT = DEFAULT_GROUP = None            # every property


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def stamp(t=None):
    return (t or now()).strftime("%Y-%m-%dT%H:%M:%SZ")


# ---------------------------------------------------------------- directory
class Store:
    """Objects of one collection with a change sequence; deleted ones stay as tombstones."""

    def __init__(self):
        self.obj, self.seq = {}, 0

    def put(self, o):
        self.seq += 1
        o["_seq"] = self.seq
        o.setdefault("_removed", None)
        o["_changed"] = {k: self.seq for k in o if not k.startswith("_")}
        self.obj[o["id"]] = o

    def patch(self, oid, props):
        self.seq += 1
        o = self.obj[oid]
        for k, v in props.items():
            o[k] = v
            o["_changed"][k] = self.seq
        o["_seq"] = self.seq

    def remove(self, oid, reason):
        self.seq += 1
        self.obj[oid].update(_removed=reason, _seq=self.seq)

    def live(self):
        return [o for o in self.obj.values() if not o["_removed"]]


USERS, GROUPS, CONTACTS = Store(), Store(), Store()
COLL = {"users": (USERS, "User.Read.All"), "groups": (GROUPS, "Group.Read.All"), "contacts": (CONTACTS, "OrgContact.Read.All")}


def uid_to_id(uid):
    return str(uuid.uuid5(NS, "user:" + uid))


def make_user(p):
    mailbox = p["primary"] is not None
    prox = ([f"SMTP:{p['primary']}"] if mailbox else []) + [f"smtp:{a}" for a in p["aliases"]] + p["other"]
    if mailbox:
        prox.append(f"smtp:{p['uid']}@{TENANT_DOMAIN}")
    synced = p["unit"] in ("munich", "service")
    return dict(id=uid_to_id(p["uid"]), accountEnabled=p["enabled"], displayName=p["cn"], givenName=p["given"] or None, surname=p["sn"], mail=p["mail"],
                mailNickname=p["uid"], userPrincipalName=f"{p['uid']}@{ds.DOMAIN}", proxyAddresses=prox, otherMails=[], userType="Member",
                assignedLicenses=[dict(disabledPlans=[], skuId=SKU)] if mailbox and p["enabled"] and p["kind"] == "user" else [],
                businessPhones=[], jobTitle=None, mobilePhone=None, officeLocation=None, preferredLanguage=None, department=None, companyName="Small Office",
                createdDateTime="2024-01-15T08:00:00Z", deletedDateTime=None, showInAddressList=None, imAddresses=[], creationType=None,
                onPremisesSyncEnabled=True if synced else None, onPremisesSamAccountName=p["uid"] if synced else None,
                onPremisesDistinguishedName=f"CN={p['cn']},OU=Staff,DC=ad,DC=office,DC=test" if synced else None,
                onPremisesImmutableId=base64.b64encode(uuid.uuid5(NS, "ad:" + p["uid"]).bytes_le).decode() if synced else None,
                _purpose={"shared": "shared", "room": "room"}.get(p["kind"], "user") if mailbox else None)


def load():
    for p in ds.people():
        USERS.put(make_user(p))
    g = make_user(dict(uid="guest", given="Gerda", sn="Guest", cn="Gerda Guest", mail=f"gerda@{ds.EXT}", primary=f"gerda@{ds.EXT}", aliases=[], other=[],
                       enabled=True, kind="user", unit="users"))
    g.update(userType="Guest", userPrincipalName=f"gerda_{ds.EXT}#EXT#@{TENANT_DOMAIN}", otherMails=[f"gerda@{ds.EXT}"], assignedLicenses=[], creationType="Invitation", _purpose=None)
    USERS.put(g)
    gid = lambda n: str(uuid.uuid5(NS, "group:" + n))
    for x in ds.groups():
        GROUPS.put(dict(id=gid(x["name"]), displayName=x["name"], description=None, mail=x["mail"], mailEnabled=x["mail"] is not None, securityEnabled=x["security"],
                        mailNickname=x["name"].replace(" ", ""), groupTypes=["Unified"] if x["name"] == "Sales" else [], visibility=None,
                        proxyAddresses=([f"SMTP:{x['mail']}"] if x["mail"] else []) + [f"smtp:{a}" for a in x["aliases"]], createdDateTime="2024-01-15T08:00:00Z",
                        deletedDateTime=None, renewedDateTime="2024-01-15T08:00:00Z", onPremisesSyncEnabled=None, membershipRule=None,
                        _members={(gid(m[6:]) if m.startswith("group:") else uid_to_id(m)): "group" if m.startswith("group:") else "user" for m in x["members"]}, _member_log=[]))
    for c in ds.contacts():
        CONTACTS.put(dict(id=str(uuid.uuid5(NS, "contact:" + c["cn"])), displayName=c["cn"], givenName=c["cn"].split()[0], surname=c["cn"].split()[-1], mail=c["mail"],
                          mailNickname=c["cn"].split()[-1].lower(), companyName=None, department=None, jobTitle=None, onPremisesSyncEnabled=None, deletedDateTime=None,
                          proxyAddresses=[f"SMTP:{c['mail']}"] + [f"smtp:{a}" for a in c["aliases"]], phones=[], addresses=[]))


# ---------------------------------------------------------------- tokens
def b64u(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def unb64u(s):
    return base64.urlsafe_b64decode(s + "=" * (-len(s) % 4))


def issue(app_id):
    t = int(time.time())
    app = APPS[app_id]
    claims = dict(aud="https://graph.microsoft.com", iss=f"https://sts.windows.net/{TENANT}/", iat=t, nbf=t, exp=t + STATE["token_lifetime"], app_displayname=app["name"],
                  appid=app_id, appidacr="1", idtyp="app", oid=str(uuid.uuid5(NS, app_id)), roles=app["roles"], tid=TENANT, ver="1.0")
    head = b64u(json.dumps(dict(typ="JWT", alg="RS256", kid="standin")).encode()) + "." + b64u(json.dumps(claims).encode())
    return head + "." + b64u(hmac.new(KEY, head.encode(), hashlib.sha256).digest())


class GraphError(Exception):
    def __init__(self, status, code, message, headers=None, inner=None):
        self.status, self.code, self.message, self.headers, self.inner = status, code, message, headers or {}, inner or {}


class TokenError(Exception):
    def __init__(self, status, error, num, message):
        self.status, self.error, self.num, self.message = status, error, num, message


def check_bearer(auth):
    if not auth or not auth.lower().startswith("bearer ") or not auth[7:].strip():
        raise GraphError(401, "InvalidAuthenticationToken", "Access token is empty.", {"WWW-Authenticate": 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'})
    parts = auth[7:].strip().split(".")
    try:
        claims = json.loads(unb64u(parts[1]))
        sig = unb64u(parts[2])
    except Exception:
        raise GraphError(401, "InvalidAuthenticationToken", "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EncodedPayload.EncodedSignature'. (JWE): 'EncodedProtectedHeader.EncodedEncryptedKey.EncodedInitializationVector.EncodedCiphertext.EncodedAuthenticationTag'.")
    if not hmac.compare_digest(sig, hmac.new(KEY, ".".join(parts[:2]).encode(), hashlib.sha256).digest()):
        raise GraphError(401, "InvalidAuthenticationToken", "Signature is invalid.")
    if claims["exp"] <= time.time():
        raise GraphError(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.", {"WWW-Authenticate": 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="invalid_token"'})
    return claims


def need_role(claims, *any_of):
    if not set(claims["roles"]) & {*any_of, "Directory.Read.All"}:
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def verify_assertion(jwt, client_id, state_dir, token_urls):
    """RS256 or PS256 signed by STATE_DIR/client.pem, thumbprint in x5t or x5t#S256, iss = sub = client id, aud = the token endpoint."""
    try:
        h, p, s = jwt.split(".")
        head, claims, sig = json.loads(unb64u(h)), json.loads(unb64u(p)), unb64u(s)
    except Exception:
        raise TokenError(401, "invalid_client", 50027, "JWT token is invalid or malformed.")
    cert = os.path.join(state_dir, "client.pem")
    der = ssl.PEM_cert_to_DER_cert(open(cert).read())
    head = {k: v.rstrip("=") if k.startswith("x5t") else v for k, v in head.items()}      # MSAL pads them
    thumb = head.get("x5t") == b64u(hashlib.sha1(der).digest()) or head.get("x5t#S256") == b64u(hashlib.sha256(der).digest())
    shown = (unb64u(head["x5t"]) if "x5t" in head else unb64u(head.get("x5t#S256", ""))).hex().upper()
    if not thumb:
        raise TokenError(401, "invalid_client", 700027, f"The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '{shown}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{client_id}'.]")
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise TokenError(401, "invalid_client", 700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
    if claims.get("aud") not in token_urls:
        raise TokenError(401, "invalid_client", 700023, f"Client assertion audience claim does not match Realm issuer. Review the documentation at https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .")
    if claims.get("exp", 0) <= time.time() or claims.get("nbf", 0) > time.time() + 300:
        raise TokenError(401, "invalid_client", 700024, f"Client assertion is not within its valid time range. Current time: {now().isoformat()}, assertion valid from {stamp(datetime.datetime.fromtimestamp(claims.get('nbf', 0), datetime.timezone.utc))}, expiry time of assertion {stamp(datetime.datetime.fromtimestamp(claims.get('exp', 0), datetime.timezone.utc))}.")
    with tempfile.TemporaryDirectory() as d:
        open(f"{d}/sig", "wb").write(sig)
        open(f"{d}/data", "w").write(f"{h}.{p}")
        open(f"{d}/pub", "wb").write(subprocess.run(["openssl", "x509", "-in", cert, "-noout", "-pubkey"], capture_output=True, check=True).stdout)
        pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"] if head.get("alg") == "PS256" else []
        ok = subprocess.run(["openssl", "dgst", "-sha256", "-verify", f"{d}/pub", *pss, "-signature", f"{d}/sig", f"{d}/data"], capture_output=True).returncode == 0
    if not ok:
        raise TokenError(401, "invalid_client", 700027, f"Client assertion failed signature validation. [Reason - The key was found, but use of the key to verify the signature failed., Thumbprint of key used by client: '{shown}']")


def token(tenant, form, state_dir, base):
    if tenant not in (TENANT, TENANT_DOMAIN, ds.DOMAIN):
        raise TokenError(400, "invalid_request", 90002, f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.")
    if form.get("grant_type") != "client_credentials":
        raise TokenError(400, "unsupported_grant_type" if form.get("grant_type") else "invalid_request", 70003 if form.get("grant_type") else 900144,
                         f"The app requested an unsupported grant type '{form['grant_type']}'." if form.get("grant_type") else "The request body must contain the following parameter: 'grant_type'.")
    cid = form.get("client_id", "")
    if cid not in APPS:
        raise TokenError(400, "unauthorized_client", 700016, f"Application with identifier '{cid}' was not found in the directory 'Small Office'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.")
    app = APPS[cid]
    if not form.get("scope", "").endswith("/.default"):
        raise TokenError(400, "invalid_scope", 1002012, f"The provided value for scope {form.get('scope', '')} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).")
    if "client_assertion" in form:
        if form.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
            raise TokenError(400, "invalid_request", 50027, "The client_assertion_type is invalid.")
        verify_assertion(form["client_assertion"], cid, state_dir, {f"{base}/{t}/oauth2/v2.0/token" for t in (TENANT, TENANT_DOMAIN, ds.DOMAIN)} | {f"{base}/{TENANT}/v2.0"})
    elif "client_secret" in form:
        if app.get("expired"):
            raise TokenError(401, "invalid_client", 7000222, f"The provided client secret keys for app '{cid}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.")
        if form["client_secret"] != app["secret"]:
            raise TokenError(401, "invalid_client", 7000215, f"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{cid}'.")
    else:
        raise TokenError(401, "invalid_client", 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
    return dict(token_type="Bearer", expires_in=STATE["token_lifetime"], ext_expires_in=STATE["token_lifetime"], access_token=issue(cid))


# ---------------------------------------------------------------- queries
class Filter:
    """The part of $filter that a sync needs. advanced is true where Graph demands ConsistencyLevel: eventual and $count=true."""
    TOK = re.compile(r"\s*(?:(?P<str>'(?:[^']|'')*')|(?P<num>-?\d+(?![-\w]))|(?P<op>[(),:])|(?P<id>[A-Za-z_@][\w./@-]*)|(?P<lit>[\w:.-]+))")
    ADVANCED_PROPS = {"proxyAddresses": ("ne", "endswith"), }

    def __init__(self, text, props):
        self.t, self.i, self.props, self.advanced = [], 0, props, False
        pos = 0
        while pos < len(text.rstrip()):
            m = self.TOK.match(text, pos)
            if not m or m.end() == pos:
                self.bad()
            self.t.append((m.lastgroup, m.group(m.lastgroup))); pos = m.end()
        self.f = self.or_()
        if self.i != len(self.t):
            self.bad()

    def bad(self, msg="Invalid filter clause"):
        raise GraphError(400, "BadRequest", f"Invalid filter clause: {msg}")

    def peek(self, v=None):
        x = self.t[self.i] if self.i < len(self.t) else (None, None)
        return x if v is None else x[1] is not None and x[1].lower() == v

    def take(self, v=None):
        x = self.peek()
        if x[0] is None or (v and x[1].lower() != v):
            self.bad(f"expected {v} at token {self.i}")
        self.i += 1
        return x

    def or_(self):
        l = self.and_()
        while self.peek("or"):
            self.take(); r = self.and_(); l = (lambda a, b: lambda o: a(o) or b(o))(l, r)
        return l

    def and_(self):
        l = self.not_()
        while self.peek("and"):
            self.take(); r = self.not_(); l = (lambda a, b: lambda o: a(o) and b(o))(l, r)
        return l

    def not_(self):
        if self.peek("not"):
            self.take(); self.advanced = True; x = self.not_(); return lambda o: not x(o)
        if self.peek("("):
            self.take(); x = self.or_(); self.take(")"); return x
        return self.cmp()

    def value(self):
        k, v = self.take()
        if k == "str":
            return v[1:-1].replace("''", "'")
        return {"true": True, "false": False, "null": None}.get(v.lower(), int(v) if k == "num" else v)

    def prop(self, name):
        if name.split("/")[0] not in self.props:
            raise GraphError(400, "BadRequest", f"Could not find a property named '{name}' on type 'microsoft.graph.{self.props.get('_type', 'user') if isinstance(self.props, dict) else 'user'}'.")
        return name

    def get(self, o, path):
        for part in path.split("/"):
            if part == "$count":
                return len(o)
            o = o.get(part) if isinstance(o, dict) else None
        return o

    def cmp(self):
        k, name = self.take()
        if name.lower() in ("startswith", "endswith", "contains"):
            fn = name.lower()
            if fn == "endswith":
                self.advanced = True
            if fn == "contains":
                raise GraphError(400, "Request_UnsupportedQuery", "Unsupported Query.")
            self.take("("); p = self.take()[1]; self.take(","); v = self.value().lower(); self.take(")")
            test = str.startswith if fn == "startswith" else str.endswith
            return lambda o: test((self.get(o, p) or "").lower(), v)
        m = re.fullmatch(r"(\w+)/any", name)
        if m:
            p = self.prop(m.group(1)); self.take("(")
            if self.peek(")"):
                self.take(); return lambda o: bool(o.get(p))
            var = self.take()[1]; self.take(":")
            if self.t[self.i][1].lower() in ("startswith", "endswith"):
                fn = self.take()[1].lower(); self.advanced = self.advanced or fn == "endswith"
                self.take("("); self.take(); self.take(","); v = self.value().lower(); self.take(")"); self.take(")")
                test = str.startswith if fn == "startswith" else str.endswith
                return lambda o: any(test(x.lower(), v) for x in o.get(p) or [])
            inner = self.take()[1]; self.take("eq"); v = self.value(); self.take(")")
            sub = inner.split("/")[1:]
            low = lambda x: x.lower() if isinstance(x, str) else x
            return lambda o: any(low(x[sub[0]] if sub else x) == low(v) for x in o.get(p) or [])
        p = self.prop(name); op = self.take()[1].lower()
        if op == "in":
            self.take("("); vals = [self.value()]
            while self.peek(","):
                self.take(); vals.append(self.value())
            self.take(")"); return lambda o: self.get(o, p) in vals
        if op not in ("eq", "ne", "ge", "le", "gt", "lt"):
            self.bad(f"unknown operator '{op}'")
        v = self.value()
        if op == "ne" or (v is None) or "$count" in p or p in ("companyName", "department", "officeLocation") and op != "eq":
            self.advanced = self.advanced or op == "ne" or "$count" in p or v is None
        def test(o):
            x = self.get(o, p)
            a, b = (x.lower(), v.lower()) if isinstance(x, str) and isinstance(v, str) else (x, v)
            if op == "eq": return a == b
            if op == "ne": return a != b
            if a is None or b is None: return False
            return {"ge": a >= b, "le": a <= b, "gt": a > b, "lt": a < b}[op]
        return test


def shape(o, select, default):
    keys = select or default or [k for k in o if not k.startswith("_")]
    return {k: o.get(k) for k in dict.fromkeys([*keys, "id"]) if not k.startswith("_")}


def pack(**kw):
    raw = json.dumps(kw, separators=(",", ":")).encode()
    return b64u(hmac.new(KEY, raw, hashlib.sha256).digest()[:12] + raw)


def unpack(tok):
    try:
        raw = unb64u(tok)
        if hmac.new(KEY, raw[12:], hashlib.sha256).digest()[:12] == raw[:12]:
            return json.loads(raw[12:])
    except Exception:
        pass
    return None


def parse_select(q, store):
    if "$select" not in q:
        return None
    sel = [x.strip() for x in q["$select"].split(",") if x.strip()]
    known = next(iter(store.obj.values()))
    for s in sel:
        if s not in known and s not in ("members", "manager", "mailboxSettings", "signInActivity"):
            raise GraphError(400, "BadRequest", f"Parsing OData Select and Expand failed: Could not find a property named '{s}' on type 'microsoft.graph.{TYPE[id(store)]}'.")
    return sel


def list_collection(base, path, objs, store, q, headers, default, kind):
    eventual = (headers.get("ConsistencyLevel") or "").lower() == "eventual"
    if "$skiptoken" in q:
        t = unpack(q["$skiptoken"])
        if not t or t["path"] != path:
            raise GraphError(400, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request.")
        ids, skip, top, sel, count = t["ids"], t["skip"], t["top"], t["sel"], None
        rows = [o for o in objs if not ids or o["id"] in set(ids)]
    else:
        top = STATE["page_default"]
        if "$top" in q:
            if not q["$top"].isdigit() or not 1 <= int(q["$top"]) <= 999:
                raise GraphError(400, "Request_BadRequest" if q["$top"].isdigit() else "BadRequest", f"Invalid page size specified: '{q['$top']}'. Must be between 1 and 999 inclusive.")
            top = int(q["$top"])
        sel, skip, ids = parse_select(q, store), 0, None
        count_asked = q.get("$count", "").lower() == "true"
        rows = objs
        if "$search" in q:
            if not eventual:
                raise GraphError(400, "Request_UnsupportedQuery", "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'")
            prop, _, word = q["$search"].strip('"').partition(":")
            rows = [o for o in rows if word.lower() in (o.get(prop) or "").lower()]
        if "$filter" in q:
            f = Filter(q["$filter"], next(iter(store.obj.values())))
            if f.advanced and not (eventual and count_asked):
                raise GraphError(400, "Request_UnsupportedQuery", "Unsupported or invalid query filter clause specified for property. Operator: 'NotEquals', 'Not' or 'EndsWith' needs ConsistencyLevel: eventual and $count=true.")
            rows = [o for o in rows if f.f(o)]
            if "$orderby" in q and not eventual:
                raise GraphError(400, "Request_UnsupportedQuery", "Sorting not supported for current query.")
        if "$orderby" in q:
            key, _, way = q["$orderby"].partition(" ")
            rows = sorted(rows, key=lambda o: (o.get(key) or "").lower(), reverse=way.strip().lower() == "desc")
        count = len(rows) if count_asked and eventual else None
        ids = [o["id"] for o in rows] if ("$filter" in q or "$search" in q or "$orderby" in q) else None
        if ids and "$orderby" in q:
            pass
    if ids is not None and "$skiptoken" in q:
        order = {i: n for n, i in enumerate(ids)}
        rows.sort(key=lambda o: order[o["id"]])
    page, rest = rows[skip:skip + top], len(rows) > skip + top
    out = {"@odata.context": f"{base}/v1.0/$metadata#{kind}" + (f"({','.join(sel)})" if sel else "")}
    if count is not None:
        out["@odata.count"] = count
    if rest:
        keep = {k: v for k, v in q.items() if k != "$skiptoken"}
        tok = pack(path=path, skip=skip + top, top=top, sel=sel, ids=ids)
        out["@odata.nextLink"] = f"{base}/v1.0{path}?" + "&".join(f"{k}={quote(v)}" for k, v in keep.items()) + ("&" if keep else "") + "$skiptoken=" + tok
    out["value"] = [shape(o, sel, default) if "@odata.type" not in o else {"@odata.type": o["@odata.type"], **shape(o["_o"], sel, default)} for o in page]
    return out


def delta(base, path, store, q, headers, default, kind):
    """Rounds: first (everything), then what changed since the token's sequence number. Tokens carry the options of the first request."""
    page = STATE["delta_page"]
    m = re.search(r"odata\.maxpagesize=(\d+)", headers.get("Prefer") or "")
    if m:
        page = min(int(m.group(1)), 999)
    for bad in ("$top", "$orderby", "$expand", "$search"):
        if bad in q:
            raise GraphError(400, "Request_UnsupportedQuery", f"The query parameter '{bad}' is not supported with delta.")
    empty = f"{base}/v1.0{path}?$deltatoken="
    if q.get("$deltatoken") == "latest":
        tok = pack(d=store.seq, sel=parse_select(q, store), ids=None)
        return {"@odata.context": f"{base}/v1.0/$metadata#{kind}", "@odata.deltaLink": f"{base}/v1.0{path}?$deltatoken={tok}", "value": []}
    if q.get("$skiptoken") or q.get("$deltatoken"):
        t = unpack(q.get("$skiptoken") or q["$deltatoken"])
        if not t or "d" not in t:
            raise GraphError(400, "BadRequest", "Badly formed token.")
        if t["d"] < STATE["skip_min_seq"] and t.get("d") is not None and q.get("$deltatoken"):
            if STATE.get("resync", 410) == 410:
                raise GraphError(410, "resyncRequired", "Resync required. Resource state has been reset; a full synchronization is needed.", {"Location": empty})
            raise GraphError(400, "syncStateNotFound", "The sync state generation is not found. The delta token is expired and data must be synchronized again.")
        since, sel, ids, skip, upto = t["d"], t["sel"], t["ids"], t.get("skip", 0), t.get("upto", store.seq)
    else:
        sel, ids, since, skip, upto = parse_select(q, store), None, 0, 0, store.seq
        if "$filter" in q:
            ids = re.findall(r"id\s+eq\s+'([0-9a-fA-F-]{36})'", q["$filter"])
            if not ids or re.sub(r"id\s+eq\s+'[0-9a-fA-F-]{36}'|\bor\b|\s", "", q["$filter"]):
                raise GraphError(400, "Request_UnsupportedQuery", "Only filtering by id is supported with delta.")
    first = since == 0
    key = (path, since, store.seq, tuple(sel or ()), tuple(ids or ()))
    rows = ROWS[1] if ROWS[0] == key else delta_rows(store, sel, ids, since, first)
    ROWS[:] = [key, rows]
    out = {"@odata.context": f"{base}/v1.0/$metadata#{kind}" + (f"({','.join(sel)})" if sel else "")}
    part = rows[skip:skip + page]
    if len(rows) > skip + page:
        out["@odata.nextLink"] = f"{STATE.get('next_base') or base}/v1.0{path}?$skiptoken=" + pack(d=since, sel=sel, ids=ids, skip=skip + page, upto=upto)
    else:
        out["@odata.deltaLink"] = f"{base}/v1.0{path}?$deltatoken=" + pack(d=upto, sel=sel, ids=ids)
    if STATE.get("replay") and part:                          # the same object twice in one answer is allowed
        part = part + part[:1]
    out["value"] = part
    return out


ROWS = [None, None]                                           # of the last answer: a page is cut from them, not made anew


def delta_rows(store, sel, ids, since, first):
    rows = []
    for o in sorted(store.obj.values(), key=lambda o: o["id"]):
        if ids and o["id"] not in ids or o["_seq"] <= since:
            continue
        if o["_removed"]:
            if not first:
                rows.append({"id": o["id"], "@removed": {"reason": o["_removed"]}})
            continue
        changed = {k for k, s in o["_changed"].items() if s > since}
        keys = sel or [k for k in o if not k.startswith("_")]
        if not first:
            watch = set(keys) & changed
            members = [x for x in o.get("_member_log", []) if x[0] > since] if (not sel or "members" in sel) else []
            if not watch and not members:
                continue                                     # only a property nobody selected has changed
            r = {k: o[k] for k in keys if k in watch and k in o}
            r["id"] = o["id"]
            if members:
                r["members@delta"] = [{"@odata.type": "#microsoft.graph.user", "id": i} if op == "add" else {"@odata.type": "#microsoft.graph.user", "id": i, "@removed": {"reason": "deleted"}} for _, op, i in members]
        else:
            r = {k: v for k, v in shape(o, [k for k in keys if k in o], None).items() if v is not None and v != []}
            if "_members" in o and (not sel or "members" in sel) and o["_members"]:
                r["members@delta"] = [{"@odata.type": f"#microsoft.graph.{t}", "id": i} for i, t in o["_members"].items()]
        rows.append(r)
    return rows


TYPE = {id(USERS): "user", id(GROUPS): "group", id(CONTACTS): "orgContact"}


def members(gid, transitive):
    seen, out, todo = set(), [], [gid]
    while todo:
        for i, t in GROUPS.obj[todo.pop()]["_members"].items():
            o = (USERS if t == "user" else GROUPS).obj.get(i)
            if i in seen or o is None or o["_removed"]:
                continue
            seen.add(i)
            out.append({"@odata.type": f"#microsoft.graph.{t}", "id": i, "_o": o})
            if transitive and t == "group":
                todo.append(i)
    return out


def graph(base, path, q, headers, claims):
    p = [unquote(x) for x in path.strip("/").split("/")]
    if p[0] in COLL:
        store, role = COLL[p[0]]
        default = DEFAULT_USER if p[0] == "users" else None
        need_role(claims, role, *(["GroupMember.Read.All"] if p[0] == "groups" else []))
        if len(p) == 1:
            return list_collection(base, path, store.live(), store, q, headers, default, p[0])
        if re.fullmatch(r"(microsoft\.graph\.)?delta(\(\))?", p[1]) and len(p) == 2:
            return delta(base, f"/{p[0]}/delta", store, q, headers, default, p[0])
        if p[1] == "$count":
            if (headers.get("ConsistencyLevel") or "").lower() != "eventual":
                raise GraphError(400, "Request_BadRequest", "$count is not currently supported.")
            return len(store.live())
        o = store.obj.get(p[1].lower()) or next((x for x in store.live() if p[0] == "users" and x["userPrincipalName"].lower() == p[1].lower()), None)
        if o is None or o["_removed"]:
            raise GraphError(404, "Request_ResourceNotFound", f"Resource '{p[1]}' does not exist or one of its queried reference-property objects are not present.")
        if len(p) == 2:
            return {"@odata.context": f"{base}/v1.0/$metadata#{p[0]}/$entity", **shape(o, parse_select(q, store), default)}
        if p[0] == "users" and p[2] == "mailboxSettings":
            need_role(claims, "MailboxSettings.Read")
            if not o["_purpose"]:
                raise GraphError(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.")
            if p[3:] == ["userPurpose"]:
                return {"@odata.context": f"{base}/v1.0/$metadata#users('{o['id']}')/mailboxSettings/userPurpose", "value": o["_purpose"]}
            return {"@odata.context": f"{base}/v1.0/$metadata#users('{o['id']}')/mailboxSettings", "timeZone": "W. Europe Standard Time", "userPurpose": o["_purpose"]}
        if p[0] == "groups" and p[2] in ("members", "transitiveMembers"):
            rows = members(o["id"], p[2] == "transitiveMembers")
            if p[3:] == ["microsoft.graph.user"]:
                rows = [r for r in rows if r["@odata.type"] == "#microsoft.graph.user"]
            # a reader without rights on users gets members with their id only
            return list_collection(base, path, rows, USERS, q, headers, DEFAULT_USER if "User.Read.All" in claims["roles"] else ["id"], "directoryObjects")
    if p == ["organization"]:
        return {"@odata.context": f"{base}/v1.0/$metadata#organization", "value": [dict(id=TENANT, displayName="Small Office", verifiedDomains=[
            dict(capabilities="Email, OfficeCommunicationsOnline", isDefault=d == ds.DOMAIN, isInitial=d == TENANT_DOMAIN, name=d, type="Managed") for d in (ds.DOMAIN, ds.ALT, TENANT_DOMAIN)])]}
    if p == ["domains"]:
        need_role(claims, "Domain.Read.All")
        return {"@odata.context": f"{base}/v1.0/$metadata#domains", "value": [dict(id=d, authenticationType="Managed", isDefault=d == ds.DOMAIN, isInitial=d == TENANT_DOMAIN, isVerified=d != "pending.test",
                supportedServices=["Email"]) for d in (ds.DOMAIN, ds.ALT, TENANT_DOMAIN, "pending.test")]}
    if p == ["applications"]:
        if "Application.Read.All" not in claims["roles"]:
            raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
        if q.get("$filter") != f"appId eq '{claims['appid']}'":
            raise GraphError(400, "BadRequest", "Invalid filter clause.")
        ends = [("old", "2020-01-01T00:00:00Z"), (APPS[claims["appid"]]["secret"][:3], SECRET_ENDS)]
        return {"@odata.context": f"{base}/v1.0/$metadata#applications", "value": [dict(id=str(uuid.uuid5(NS, claims["appid"])), passwordCredentials=[
            dict(customKeyIdentifier=None, displayName="sync", endDateTime=e, hint=h, keyId=str(uuid.uuid5(NS, h)), secretText=None, startDateTime="2019-01-01T00:00:00Z") for h, e in ends])]}
    if p[:2] == ["directory", "deletedItems"]:
        need_role(claims, "User.Read.All")
        return {"@odata.context": f"{base}/v1.0/$metadata#users", "value": [shape(o, None, DEFAULT_USER) for o in USERS.obj.values() if o["_removed"] == "changed"]}
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{p[0]}'.")


def control(c):
    """{"op": ...}: add {collection,props} | update {collection,id|uid,props} | delete {id|uid,[hard]} | restore | member {group,uid,[remove]} |
    set {token_lifetime,page_default,delta_page,replay,next_base,resync: 410|400} | log | roles {client,roles} | expire_delta (tokens given so far are refused) |
    fault {status,times,[path],[after: requests that pass before],[retry_after],[code],[message],[body],[raw: not JSON],[cut: closed within the body],[close],[hang]} | reset_faults | churn (one of each change)"""
    op = c["op"]
    if op == "log":
        return STATE["log"]
    if op == "roles":
        APPS[c["client"]]["roles"] = c["roles"]
        return {"ok": True}
    store = COLL[c.get("collection", "users")][0]
    oid = c.get("id") or (uid_to_id(c["uid"]) if "uid" in c else None)
    if op == "add":
        props = dict(make_user(dict(uid=c["uid"], given=c.get("given", ""), sn=c.get("sn", c["uid"]), cn=c.get("cn", c["uid"]), mail=c.get("mail"), primary=c.get("mail"),
                                    aliases=c.get("aliases", []), other=[], enabled=True, kind="user", unit="users")), **c.get("props", {}))
        store.put(props); oid = props["id"]
    elif op == "update": store.patch(oid, c["props"])
    elif op == "delete": store.remove(oid, "deleted" if c.get("hard") else "changed")
    elif op == "restore":
        store.obj[oid]["_removed"] = None; store.patch(oid, {k: v for k, v in store.obj[oid].items() if not k.startswith("_")})
    elif op == "member":
        g = next(o for o in GROUPS.live() if o["displayName"] == c["group"])
        GROUPS.seq += 1; g["_seq"] = GROUPS.seq
        g["_member_log"].append((GROUPS.seq, "remove" if c.get("remove") else "add", oid))
        g["_members"].pop(oid, None) if c.get("remove") else g["_members"].__setitem__(oid, "user")
    elif op == "set": STATE.update({k: v for k, v in c.items() if k != "op"})
    elif op == "expire_delta":
        for s, _ in COLL.values(): s.seq += 1
        STATE["skip_min_seq"] = max(s.seq for s, _ in COLL.values())
        for s, _ in COLL.values(): s.seq = STATE["skip_min_seq"]
    elif op == "fault": STATE["faults"].append(dict(c))
    elif op == "reset_faults": STATE["faults"].clear()
    elif op == "churn":
        for x in (dict(op="add", uid="nnew", cn="Newcomer Nina", mail=f"nina.new@{ds.DOMAIN}"),
                  dict(op="update", uid="aschmidt", props=dict(proxyAddresses=[f"SMTP:anna.schmidt@{ds.DOMAIN}", f"smtp:anna.neu@{ds.DOMAIN}"])),
                  dict(op="update", uid="mcase", props=dict(accountEnabled=False)),
                  dict(op="update", uid="renamer", props=dict(displayName="Renamed Person", mail=f"renamed.person@{ds.DOMAIN}", userPrincipalName=f"renamed@{ds.DOMAIN}",
                                                             proxyAddresses=[f"SMTP:renamed.person@{ds.DOMAIN}", f"smtp:re.namer@{ds.DOMAIN}"])),
                  dict(op="delete", uid="leaver"), dict(op="delete", uid="mover", hard=True), dict(op="member", group="Sales", uid="lzolc"), dict(op="member", group="Sales", uid="mcase", remove=True)):
            control(x)
    else: raise ValueError(op)
    return {"ok": True, "id": oid}


# ---------------------------------------------------------------- HTTP
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "standin", ""

    def log_message(self, *a): pass

    def reply(self, status, body, headers=None, odata=True):
        data = (str(body) if isinstance(body, int) else json.dumps(body, ensure_ascii=False)).encode()
        self.send_response(status)
        kind = "text/plain" if isinstance(body, int) else "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8" if odata and status < 400 else "application/json" if odata else "application/json; charset=utf-8"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if odata:
            self.send_header("Cache-Control", "no-cache"); self.send_header("OData-Version", "4.0")
            self.send_header("request-id", self.rid); self.send_header("client-request-id", self.headers.get("client-request-id") or self.rid)
            self.send_header("x-ms-ags-diagnostic", json.dumps({"ServerInfo": {"DataCenter": "Standin", "Slice": "E", "Ring": "1", "ScaleUnit": "000", "RoleInstance": "STANDIN"}}))
        else:
            self.send_header("Cache-Control", "no-store, no-cache"); self.send_header("Pragma", "no-cache"); self.send_header("x-ms-request-id", self.rid)
        for k, v in (headers or {}).items():
            self.send_header(k, str(v))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def fault(self, path):
        for f in STATE["faults"]:
            if f.get("times", 1) > 0 and (not f.get("path") or f["path"] in path):
                if f.get("after", 0) > 0:
                    f["after"] -= 1
                    continue
                f["times"] = f.get("times", 1) - 1
                return f
        return None

    def handle_any(self):
        self.rid = str(uuid.uuid4())
        u = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        base = f"{'https' if isinstance(self.connection, ssl.SSLSocket) else 'http'}://{self.headers.get('Host')}"
        with LOCK:
            if u.path == "/_control" and self.command == "POST":
                return self.reply(200, control(json.loads(body)), odata=False)
            if u.path == "/_control/log":
                return self.reply(200, STATE["log"], odata=False)
            STATE["log"].append(dict(t=time.time(), method=self.command, path=unquote(self.path)[:400], ua=self.headers.get("User-Agent"), consistency=self.headers.get("ConsistencyLevel"), prefer=self.headers.get("Prefer")))
            f = self.fault(u.path)
        if f:
            if f.get("hang"): time.sleep(f["hang"])
            if f.get("close"):
                self.close_connection = True; self.connection.close(); return
            h = {"Retry-After": f["retry_after"]} if "retry_after" in f else {}
            s = f["status"]
            if "cut" in f or "raw" in f:
                data = f.get("raw", '{"value":[{"id":"1","mail":').encode()
                self.send_response(s); self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data) + (1000 if "cut" in f else 0))); self.end_headers()
                self.wfile.write(data); self.wfile.flush()
                if "cut" in f:
                    self.close_connection = True; self.connection.close()
                return
            if "body" in f:
                return self.reply(s, f["body"], h)
            if s == 429:
                e = dict(code="TooManyRequests", innerError=dict(code="429", date=stamp()[:-1], message="Please retry after", status="429", **{"request-id": self.rid}), message="Please retry again later.")
            else:
                e = dict(code=f.get("code", {503: "ServiceUnavailable", 504: "UnknownError", 500: "InternalServerError", 502: "UnknownError"}.get(s, "generalException")), message=f.get("message", "Service unavailable."),
                         innerError={"date": stamp()[:-1], "request-id": self.rid, "client-request-id": self.rid})
            return self.reply(s, {"error": e}, h)
        m = re.fullmatch(r"/([^/]+)/oauth2/v2\.0/token", u.path)
        if m and self.command == "POST":
            try:
                with LOCK:
                    r = token(m.group(1), dict(parse_qsl(body.decode())), self.server.state_dir, base)
                return self.reply(200, r, odata=False)
            except TokenError as e:
                ts = now().strftime("%Y-%m-%d %H:%M:%SZ"); cid = self.headers.get("client-request-id") or str(uuid.uuid4())
                return self.reply(e.status, dict(error=e.error, error_description=f"AADSTS{e.num}: {e.message} Trace ID: {self.rid} Correlation ID: {cid} Timestamp: {ts}", error_codes=[e.num], timestamp=ts,
                                                 trace_id=self.rid, correlation_id=cid, error_uri=f"https://login.microsoftonline.com/error?code={e.num}"), odata=False)
        m = re.fullmatch(r"/([^/]+)/v2\.0/\.well-known/openid-configuration", u.path)
        if m:
            t = m.group(1)
            return self.reply(200, dict(token_endpoint=f"{base}/{t}/oauth2/v2.0/token", authorization_endpoint=f"{base}/{t}/oauth2/v2.0/authorize", issuer=f"{base}/{TENANT}/v2.0", jwks_uri=f"{base}/{t}/discovery/v2.0/keys",
                                        token_endpoint_auth_methods_supported=["client_secret_post", "private_key_jwt", "client_secret_basic"], device_authorization_endpoint=f"{base}/{t}/oauth2/v2.0/devicecode",
                                        response_types_supported=["code"], subject_types_supported=["pairwise"], tenant_region_scope="EU", cloud_instance_name="microsoftonline.com"), odata=False)
        try:
            if not u.path.startswith("/v1.0/"):
                raise GraphError(400, "BadRequest", "Invalid version.")
            claims = check_bearer(self.headers.get("Authorization"))
            if self.command != "GET":
                raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
            q = {(k if k.startswith("$") or k.lower() not in ("select", "filter", "top", "count", "orderby", "search", "skiptoken", "deltatoken") else "$" + k): v[0] for k, v in parse_qs(u.query, keep_blank_values=True).items()}
            q = {(k.lower() if k.lower() in ("$skiptoken", "$deltatoken") else k): v for k, v in q.items()}
            with LOCK:
                r = graph(base, u.path[5:].rstrip("/"), q, self.headers, claims)
            self.reply(200, r)
        except GraphError as e:
            self.reply(e.status, {"error": {"code": e.code, "message": e.message, "innerError": {"date": stamp()[:-1], "request-id": self.rid, "client-request-id": self.headers.get("client-request-id") or self.rid, **e.inner}}}, e.headers)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = handle_any


class Server(http.server.ThreadingHTTPServer):
    daemon_threads, tls = True, None

    def finish_request(self, request, client_address):      # in the connection's own thread, so a slow handshake blocks nobody
        if self.tls:
            request.settimeout(30)
            try:
                request = self.tls.wrap_socket(request, server_side=True)
            except (OSError, ssl.SSLError):
                return
        super().finish_request(request, client_address)


def openssl(folder, line):
    subprocess.run(["openssl", *line.split(" ")], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificates(folder):
    """ca signs server (localhost); client is registered with the apps, other is not."""
    new = "-newkey rsa:2048 -nodes"
    quick = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    openssl(folder, f"req -x509 {quick} -days 30 -subj /CN=Authority -keyout ca.key -out ca.pem")
    openssl(folder, f"req {quick} -subj /CN=server -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr")
    openssl(folder, "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copyall -days 30 -out server.pem")
    for name in ("client", "other"):
        openssl(folder, f"req -x509 {new} -days 30 -subj /CN={name} -keyout {name}.key -out {name}.pem")


def listen_to_tests():
    for line in sys.stdin:
        with LOCK:
            try:
                answer = control(json.loads(line))
            except Exception as e:
                answer = {"error": repr(e)}
        print(json.dumps(answer), flush=True)


def main():
    folder = os.path.abspath(sys.argv[1])
    certificates(folder)
    load()
    srv = Server(("127.0.0.1", 0), Handler)
    srv.state_dir = folder
    srv.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    srv.tls.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
    base, app = f"https://localhost:{srv.server_address[1]}", "aaaaaaaa-0000-0000-0000-00000000000"
    for key, value in dict(AUTHORITY=base, BASE=base + "/v1.0", CA=f"{folder}/ca.pem", TENANT=TENANT, CLIENT=app + "1", SECRET="good-secret", CLIENT_NOPERM=app + "2",
                           CLIENT_USERSONLY=app + "3", CLIENT_EXPIRED=app + "4", CERT=f"{folder}/client.pem", CERT_KEY=f"{folder}/client.key",
                           OTHER_CERT=f"{folder}/other.pem", OTHER_KEY=f"{folder}/other.key").items():
        print(f"GRAPH_{key}={value}")
    print("READY", flush=True)
    threading.Thread(target=listen_to_tests, daemon=True).start()
    srv.serve_forever()


if __name__ == "__main__":
    main()
