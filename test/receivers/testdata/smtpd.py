# A mail server (aiosmtpd) that wants STARTTLS and a log-in, and writes each mail as a line of JSON: smtpd.py PORT CERTIFICATE KEY FILE
import asyncio, email, email.policy, json, ssl, sys
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

port, cert, key, out = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]


class Handler:
    async def handle_DATA(self, server, session, envelope):
        m = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = m.get_body(preferencelist=("plain",))
        line = {"to": envelope.rcpt_tos, "subject": m["subject"], "id": m["message-id"], "tls": session.ssl is not None, "user": session.auth_data is not None,
                "parts": [p.get_content_type() for p in m.walk()], "text": body.get_content()}
        with open(out, "a") as f:
            f.write(json.dumps(line) + "\n")
        return "250 taken"


def login(server, session, envelope, mechanism, data):
    good = getattr(data, "login", b"") == b"belwacht" and getattr(data, "password", b"") == b"fake-secret-for-tests"
    return AuthResult(success=good, auth_data=data if good else None)


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(cert, key)
c = Controller(Handler(), hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True, auth_required=True, auth_require_tls=True, authenticator=login)
c.start()
asyncio.new_event_loop().run_forever()
