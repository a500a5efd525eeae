"""faulty_smtp.py TLS_DIR   Mail servers that misbehave, one behaviour a port, on 127.0.0.1. Standard library only.

Prints NAME=127.0.0.1:PORT for each and READY, then serves until ended. Only what real servers do wrong; the well-behaved
ones are Postfix, Exim and OpenSMTPD. TLS_DIR holds NAME.pem and NAME.key for server (right), wrong (another host name),
expired and self (nobody signed it)."""
import socket, ssl, sys, threading, time

MODES = {
    # name: what it does
    "OK": "accepts everything, replies without enhanced codes",
    "HANG_BANNER": "accepts the connection and says nothing",
    "HANG_EHLO": "no answer to EHLO", "HANG_RCPT": "no answer to RCPT", "HANG_DATA_END": "takes the message, never answers the final dot",
    "SLOW": "every reply one byte each 0.2 s",
    "CLOSE_CONNECT": "closes at once", "CLOSE_RCPT": "closes at RCPT", "CLOSE_MID_DATA": "closes after the first 100 bytes of DATA",
    "CLOSE_AFTER_DOT": "closes after the final dot without an answer (delivered or not? nobody knows)",
    "RST_MID_DATA": "as CLOSE_MID_DATA, with a TCP reset",
    "BANNER_421": "421 at connect", "BANNER_554": "554 at connect", "RCPT_421": "421 at RCPT, then closes", "DATA_421": "421 after the final dot",
    "MULTILINE": "multi-line banner, EHLO and RCPT replies, 550- continuation lines with different text",
    "SPLIT": "replies cut into several TCP segments in the middle of a CRLF", "LF_ONLY": "replies end in LF only",
    "NO_TEXT": "replies of the bare code, no space, no text", "LATIN1": "reply text in ISO 8859-1", "LONG_LINE": "a 2,000 byte reply line",
    "BAD_CODE": "an answer that is no SMTP reply", "HELO_ONLY": "500 to EHLO, HELO works",
    "TEMP_451": "451 to every RCPT", "TEMP_452": "452 to the third and later RCPT of a message (too many recipients)",
    "REJECT_MAIL": "rejects the null sender <> (550 5.7.1), as some do to callouts", "REJECT_DATA": "accepts RCPT, 554 5.7.1 after the message (content)",
    "REJECT_AT_DATA": "accepts every RCPT, then 550 5.1.1 to DATA itself",
    "STARTTLS_SELF": "self-signed certificate", "STARTTLS_WRONG_NAME": "certificate for another name, right CA", "STARTTLS_EXPIRED": "expired certificate, right CA",
    "STARTTLS_454": "offers STARTTLS, answers 454", "STARTTLS_GARBAGE": "220 to STARTTLS, then no TLS", "STARTTLS_OLD": "TLS 1.2 at most",
    "STARTTLS_INJECT": "sends a plain-text reply behind the 220 (response injection)", "NO_STARTTLS": "does not offer STARTTLS",
    "SMTPUTF8": "offers SMTPUTF8 and 8BITMIME", "SIZE_1000": "SIZE 1000, 552 over it", "REQUIRE_TLS": "530 5.7.0 before STARTTLS",
}


class Session:
    def __init__(self, sock, mode, tls_dir):
        self.s, self.mode, self.tls_dir, self.tls, self.buf = sock, mode, tls_dir, False, b""

    def send(self, text, raw=False):
        data = text if raw else text.replace("\n", "\r\n").encode("utf-8") + b"\r\n"
        m = self.mode
        if m == "LF_ONLY":
            data = data.replace(b"\r\n", b"\n")
        if m == "NO_TEXT":
            data = b"".join(l[:3] + (b"-" if l[3:4] == b"-" else b"") + b"\r\n" for l in data.splitlines())
        if m == "LATIN1" and data[:1] in b"45":
            data = data[:4] + "Empfänger unbekannt, bitte prüfen\r\n".encode("latin-1")
        if m == "LONG_LINE":
            data = data[:-2] + b" " + b"x" * 2000 + b"\r\n"
        if m == "SLOW":
            for b in data:
                self.s.sendall(bytes([b])); time.sleep(0.2)
            return
        if m == "SPLIT":
            cut = len(data) - 1
            self.s.sendall(data[:cut]); time.sleep(0.3); self.s.sendall(data[cut:])
            return
        self.s.sendall(data)

    def line(self):
        while b"\n" not in self.buf:
            d = self.s.recv(4096)
            if not d:
                raise ConnectionError
            self.buf += d
        l, _, self.buf = self.buf.partition(b"\n")
        return l.rstrip(b"\r").decode("utf-8", "replace")

    def hang(self):
        self.s.settimeout(600)
        try:
            while self.s.recv(4096):
                pass
        except OSError:
            pass
        raise ConnectionError

    def reset(self):
        import struct
        self.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise ConnectionError

    def caps(self):
        c = ["mx.faulty.test", "PIPELINING"]
        c.append("SIZE 1000" if self.mode == "SIZE_1000" else "SIZE 10240000")
        if (self.mode.startswith("STARTTLS") or self.mode == "REQUIRE_TLS") and not self.tls:
            c.append("STARTTLS")
        if self.mode == "SMTPUTF8":
            c += ["8BITMIME", "SMTPUTF8"]
        return "\n".join(f"250{'-' if i < len(c) - 1 else ' '}{x}" for i, x in enumerate(c))

    def starttls(self):
        m = self.mode
        if m == "STARTTLS_454":
            return self.send("454 4.7.0 TLS not available due to local problem")
        if m == "STARTTLS_GARBAGE":
            self.send("220 2.0.0 Ready to start TLS"); self.s.recv(4096); self.s.sendall(b"250 this is no TLS\r\n"); raise ConnectionError
        if m == "STARTTLS_INJECT":
            self.s.sendall(b"220 2.0.0 Ready to start TLS\r\n250-mx.injected.test\r\n250 AUTH PLAIN\r\n")
        else:
            self.send("220 2.0.0 Ready to start TLS")
        name = {"STARTTLS_SELF": "self", "STARTTLS_WRONG_NAME": "wrong", "STARTTLS_EXPIRED": "expired"}.get(m, "server")
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ctx.load_cert_chain(f"{self.tls_dir}/{name}.pem", f"{self.tls_dir}/{name}.key")
        if m == "STARTTLS_OLD":
            ctx.maximum_version = ssl.TLSVersion.TLSv1_2
        self.s, self.buf, self.tls = ctx.wrap_socket(self.s, server_side=True), b"", True

    def data(self):
        got = 0
        while True:
            l = self.line()
            got += len(l) + 2
            if got > 100 and self.mode == "CLOSE_MID_DATA":
                raise ConnectionError
            if got > 100 and self.mode == "RST_MID_DATA":
                self.reset()
            if l == ".":
                return got - 3

    def run(self):
        m, rcpts = self.mode, 0
        if m == "HANG_BANNER": self.hang()
        if m == "CLOSE_CONNECT": return
        if m == "BANNER_421": return self.send("421 4.3.2 mx.faulty.test Service not available, try again later")
        if m == "BANNER_554": return self.send("554 5.7.1 mx.faulty.test No SMTP service here for you")
        self.send("220-mx.faulty.test ESMTP\n220-We do not authorize the use of this system\n220 to transport unsolicited mail." if m == "MULTILINE" else "220 mx.faulty.test ESMTP")
        while True:
            l = self.line(); v = l.split(" ")[0].split(":")[0].upper()
            if v == "EHLO":
                if m == "HANG_EHLO": self.hang()
                self.send("500 5.5.1 Command unrecognized" if m == "HELO_ONLY" else "hello?" if m == "BAD_CODE" else self.caps())
            elif v == "HELO": self.send("250 mx.faulty.test")
            elif v == "STARTTLS": self.starttls()
            elif v == "MAIL":
                rcpts = 0
                if m == "REQUIRE_TLS" and not self.tls: self.send("530 5.7.0 Must issue a STARTTLS command first")
                elif m == "REJECT_MAIL" and "<>" in l: self.send("550 5.7.1 Null sender not accepted here")
                else: self.send("250 Sender OK")
            elif v == "RCPT":
                rcpts += 1
                unknown = "nobody" in l.lower() or "unknown" in l.lower()
                if m == "HANG_RCPT": self.hang()
                elif m == "CLOSE_RCPT": return
                elif m == "RCPT_421": return self.send("421 4.7.0 Error: too many errors, closing transmission channel")
                elif m == "TEMP_451": self.send("451 4.7.1 Try again later")
                elif m == "TEMP_452" and rcpts > 2: self.send("452 4.5.3 Error: too many recipients")
                elif m in ("REJECT_AT_DATA", "REJECT_DATA"): self.send("250 Recipient OK")
                elif m == "MULTILINE": self.send("550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the recipient's email address for typos or\n550 5.1.1 unnecessary spaces." if unknown else "250-2.1.5 Recipient\n250 2.1.5 OK")
                else: self.send("550 No such user here" if unknown else "250 Recipient OK")
            elif v == "DATA":
                if m == "REJECT_AT_DATA": self.send("550 5.1.1 no valid recipients"); continue
                self.send("354 End data with <CR><LF>.<CR><LF>")
                n = self.data()
                if m == "HANG_DATA_END": self.hang()
                elif m == "CLOSE_AFTER_DOT": return
                elif m == "DATA_421": return self.send("421 4.3.0 Temporary system problem, closing")
                elif m == "REJECT_DATA": self.send("554 5.7.1 Message rejected as spam")
                elif m == "SIZE_1000" and n > 1000: self.send("552 5.3.4 Message size exceeds fixed limit")
                else: self.send("250 Message accepted")
            elif v in ("RSET", "NOOP"): self.send("250 OK")
            elif v == "VRFY": self.send("252 Cannot VRFY user")
            elif v == "QUIT": self.send("221 Bye"); return
            else: self.send("502 Command not implemented")


def serve(mode, tls_dir):
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(f"{mode}=127.0.0.1:{listener.getsockname()[1]}", flush=True)

    def one(client):
        try:
            client.settimeout(120)
            session = Session(client, mode, tls_dir)
            session.run()
            client = session.s
        except (OSError, ConnectionError):
            pass
        finally:
            try:
                client.close()
            except OSError:
                pass

    def loop():
        while True:
            client, _ = listener.accept()
            threading.Thread(target=one, args=(client,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()


if __name__ == "__main__":
    for mode in MODES:
        serve(mode, sys.argv[1])
    print("READY", flush=True)
    threading.Event().wait()
