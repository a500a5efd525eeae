-- Several listeners with a role each, what upstreams speak before SMTP, and who may send out through us.

ALTER TABLE listener ADD COLUMN role TEXT NOT NULL DEFAULT 'inbound'  CHECK (role IN ('inbound', 'submission'));
ALTER TABLE listener ADD COLUMN tls  TEXT NOT NULL DEFAULT 'starttls' CHECK (tls  IN ('none', 'starttls', 'implicit'));

-- `address` may be a network, as 192.0.2.0/24.
ALTER TABLE upstream ADD COLUMN speaks TEXT NOT NULL DEFAULT 'smtp' CHECK (speaks IN ('smtp', 'proxy', 'xclient'));

-- The office's own machines that may send to anybody through us.
CREATE TABLE sender_host (
    position INTEGER PRIMARY KEY,
    network  TEXT    NOT NULL UNIQUE CHECK (network <> ''),
    note     TEXT    NOT NULL
) STRICT;
