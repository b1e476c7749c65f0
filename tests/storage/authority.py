"""A time-stamping authority of our own: `openssl ts` behind a small HTTP server on loopback."""

import subprocess
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_CONFIG = """
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
ess_cert_id_alg = sha256
[extensions]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[req]
distinguished_name = name
[name]
"""


class Authority:
    """Answers at `url`; `root` is its root's certificate. `answer` may be replaced, to answer badly."""

    def __init__(self, folder: Path, name: str = "Tests") -> None:
        self._folder, self._name = folder, name
        self.root = folder / "root.pem"
        self.answer: Callable[[bytes], tuple[int, str, bytes]] = self.stamp
        self.asked = 0
        self._make()
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                authority.asked += 1
                question = self.rfile.read(int(self.headers["Content-Length"]))
                status, kind, body = authority.answer(question)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/tsa"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "Authority":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _make(self) -> None:
        folder = self._folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "serial").write_text("01\n")
        config = folder / "tsa.cnf"
        config.write_text(_CONFIG.format(folder=folder))
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        root = ["-x509", "-days", "30", "-subj", f"/CN={self._name} Root", "-keyout", "root.key", "-out", "root.pem"]
        self._openssl("req", *key, *root)
        self._openssl("req", *key, "-subj", f"/CN={self._name} TSA", "-keyout", "tsa.key", "-out", "tsa.csr")
        signing = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30", "-out", "tsa.pem"]
        extensions = ["-extfile", "tsa.cnf", "-extensions", "extensions"]
        self._openssl("x509", "-req", "-in", "tsa.csr", *signing, *extensions)

    def stamp(self, question: bytes) -> tuple[int, str, bytes]:
        """What a good authority answers."""
        (self._folder / "question.tsq").write_bytes(question)
        arguments = ["-config", "tsa.cnf", "-section", "ours", "-queryfile", "question.tsq", "-out", "answer.tsr"]
        self._openssl("ts", "-reply", *arguments)
        return 200, "application/timestamp-reply", (self._folder / "answer.tsr").read_bytes()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self._folder, check=True, capture_output=True)
