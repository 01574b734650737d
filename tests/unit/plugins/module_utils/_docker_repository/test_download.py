# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Downloads over connections that fail."""

from __future__ import annotations

import errno
import hashlib
import http.client
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import download
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.credentials import Login

from tests.unit.fake_docker_repository import FakeRepository

pytest_plugins = ["tests.unit.docker_repository_fixtures"]

CONTENT = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
WHOLE = ("/file", None)


@pytest.fixture
def url(repository: FakeRepository) -> str:
    (repository.root / "file").write_bytes(CONTENT)
    return f"{repository.url}/file"


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "file.part"


def save(repository: FakeRepository, url: str, part: Path) -> None:
    download.Downloader(repository.ca_path).save(url, part, len(CONTENT), SHA256)


@pytest.mark.parametrize(
    ("faults", "requests"),
    [
        ([], [WHOLE]),
        ([503], [WHOLE, WHOLE]),
        ([500, 429, 504], [WHOLE] * 4),
        ([-1000], [WHOLE, ("/file", "bytes=1000-")]),
        ([-1000, 503, -70000], [WHOLE, ("/file", "bytes=1000-"), ("/file", "bytes=1000-"), ("/file", "bytes=71000-")]),
    ],
)
def test_save_retries(
    repository: FakeRepository, url: str, part: Path, faults: list[int], requests: list[tuple[str, str | None]]
) -> None:
    repository.faults["/file"] = faults
    save(repository, url, part)
    assert part.read_bytes() == CONTENT
    assert repository.requests == requests


@pytest.mark.parametrize(
    ("left", "requests"),
    [
        (CONTENT[:1000], [("/file", "bytes=1000-")]),
        (CONTENT, []),
        (b"x" * 1000, [("/file", "bytes=1000-"), WHOLE]),
        (b"x" * len(CONTENT), [WHOLE]),
        (CONTENT + b"x", [WHOLE]),
        (b"", [WHOLE]),
    ],
    ids=["beginning", "all", "beginning of another", "another", "longer", "empty"],
)
def test_save_resumes(
    repository: FakeRepository, url: str, part: Path, left: bytes, requests: list[tuple[str, str | None]]
) -> None:
    part.write_bytes(left)
    save(repository, url, part)
    assert part.read_bytes() == CONTENT
    assert repository.requests == requests


def test_save_fails_after_the_last_retry_and_keeps_the_beginning(
    repository: FakeRepository, url: str, part: Path
) -> None:
    repository.faults["/file"] = [-100] * 4
    with pytest.raises(PackageError, match=f"{url} was interrupted: the connection was closed 255600 bytes"):
        save(repository, url, part)
    assert part.read_bytes() == CONTENT[:400]


@pytest.mark.parametrize("wrong", [CONTENT[:-1] + b"x", CONTENT + b"x" * 100_000], ids=["altered", "longer"])
def test_save_deletes_wrong_content(repository: FakeRepository, url: str, part: Path, wrong: bytes) -> None:
    (repository.root / "file").write_bytes(wrong)
    with pytest.raises(PackageError, match="differs from the file that the signed index lists"):
        save(repository, url, part)
    assert not part.exists()


def test_get_retries_after_a_cut_connection(repository: FakeRepository, url: str) -> None:
    repository.faults["/file"] = [-1000]
    assert download.Downloader(repository.ca_path).get(url, len(CONTENT)) == CONTENT


@pytest.mark.parametrize(
    ("faults", "kind", "message", "count"),
    [
        ([404], download.NotFound, "returned 404", 1),
        ([403], PackageError, "returned 403", 1),
        ([503] * 9, PackageError, "returned 503", 4),
    ],
)
def test_get_fails(
    repository: FakeRepository, url: str, faults: list[int], kind: type[PackageError], message: str, count: int
) -> None:
    repository.faults["/file"] = faults
    with pytest.raises(PackageError, match=message) as raised:
        download.Downloader(repository.ca_path).get(url, len(CONTENT))
    assert raised.type is kind
    assert len(repository.requests) == count


def test_get_reads_no_more_than_expected(repository: FakeRepository, url: str) -> None:
    with pytest.raises(PackageError, match="larger than the expected 10 bytes"):
        download.Downloader(repository.ca_path).get(url, 10)


def test_private_ca_as_a_folder(repository: FakeRepository, url: str, tmp_path: Path) -> None:
    # OpenSSL finds certificates in a folder by the hash of their subject.
    folder = tmp_path / "cas"
    folder.mkdir()
    (folder / "mirror.pem").write_text(Path(repository.ca_path).read_text())
    subprocess.run(["openssl", "rehash", folder], check=True)
    assert download.Downloader(str(folder)).get(url, len(CONTENT)) == CONTENT


def test_untrusted_certificate(repository: FakeRepository, url: str) -> None:
    with pytest.raises(PackageError, match=r"certificate of localhost:.* is not trusted: .*self.signed.*ca_path"):
        download.Downloader().get(url, len(CONTENT))


def test_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch, repository: FakeRepository, url: str) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    with pytest.raises(PackageError, match="Connection refused"):
        download.Downloader(repository.ca_path).get(url, len(CONTENT))
    monkeypatch.setenv("no_proxy", "localhost")
    assert download.Downloader(repository.ca_path).get(url, len(CONTENT)) == CONTENT


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (urllib.error.HTTPError("u", 500, "", Message(), None), True),
        (urllib.error.HTTPError("u", 429, "", Message(), None), True),
        (urllib.error.HTTPError("u", 404, "", Message(), None), False),
        (urllib.error.URLError(ConnectionRefusedError()), True),
        (urllib.error.URLError(ssl.SSLCertVerificationError()), False),
        (ssl.SSLCertVerificationError(), False),
        (ssl.SSLError(), True),
        (TimeoutError(), False),
        (urllib.error.URLError(TimeoutError()), False),
        (urllib.error.URLError(socket.gaierror(socket.EAI_AGAIN, "")), True),
        (urllib.error.URLError(socket.gaierror(socket.EAI_NONAME, "")), False),
        (ConnectionResetError(), True),
        (http.client.IncompleteRead(b""), True),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (PackageError("final"), False),
    ],
)
def test_is_transient(error: Exception, expected: bool) -> None:
    assert download.is_transient(error) is expected


@pytest.mark.parametrize("url", ["https://example.com/linux", "https://example.com/linux/", "http://[::1]:8080"])
def test_check_url_accepts(url: str) -> None:
    assert download.check_url("url", url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.com", "file:///etc", "ftp://example.com", "https://", "https://u@example.com"),
        *("https://example.com:x", "https://example.com:99999", "https://[::1", "https://example.com/ä", "https://a b"),
    ],
)
def test_check_url_refuses(url: str) -> None:
    with pytest.raises(PackageError, match=r"^url must"):
        download.check_url("url", url)


def test_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch, repository: FakeRepository) -> None:
    monkeypatch.setenv("https_proxy", "http://me:sec@ret@127.0.0.1:1")
    with pytest.raises(PackageError) as raised:
        download.Downloader().get("https://example.com/file", 1)
    assert "used the proxy http://127.0.0.1:1 of the environment variable https_proxy" in str(raised.value)
    assert "ret" not in str(raised.value).replace("return", "").replace("retr", "")


def test_range_that_the_server_refuses(repository: FakeRepository, url: str, part: Path) -> None:
    part.write_bytes(b"x" * 1000)
    repository.faults["/file"] = [416]
    save(repository, url, part)
    assert part.read_bytes() == CONTENT
    assert repository.requests == [("/file", "bytes=1000-"), WHOLE]


@pytest.mark.parametrize("kind", ["symlink", "hard link", "writable"])
def test_part_that_others_may_write_is_replaced(repository: FakeRepository, url: str, part: Path, kind: str) -> None:
    victim = part.with_name("victim")
    victim.write_bytes(CONTENT[:100])
    if kind == "symlink":
        part.symlink_to(victim)
    elif kind == "hard link":
        part.hardlink_to(victim)
    else:
        part.write_bytes(CONTENT[:100])
        part.chmod(0o666)
    save(repository, url, part)
    assert (part.read_bytes(), victim.read_bytes()) == (CONTENT, CONTENT[:100])
    assert part.stat().st_mode & 0o777 == 0o644
    assert not part.is_symlink()
    assert repository.requests == [WHOLE]


@pytest.mark.parametrize("target", ["ftp://127.0.0.1:1/x", "file:///etc/passwd"])
def test_redirections_to_other_schemes(repository: FakeRepository, url: str, target: str) -> None:
    repository.redirects["/file"] = target
    with pytest.raises(PackageError):
        download.Downloader(repository.ca_path).get(url, 100_000)


def test_login_does_not_follow_a_redirection(repository: FakeRepository, url: str) -> None:
    login = Login(f"{repository.url}/", "me", "secret")
    request = download._request(url)
    download.LoginHandler([login]).https_request(request)
    assert request.get_header("Authorization") == "Basic bWU6c2VjcmV0"
    redirected = urllib.request.HTTPRedirectHandler().redirect_request(
        request, None, 302, "", Message(), "https://example.com/"
    )
    assert redirected.get_header("Authorization") is None
    download.LoginHandler([login]).https_request(redirected)
    assert redirected.get_header("Authorization") is None


@pytest.mark.parametrize("proxy", ["http://", "://", "http://me:secret@[::1", "http://host:port"])
def test_malformed_proxy(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.setattr(download, "_RETRIES", 0)
    with pytest.raises(PackageError) as raised:
        download.Downloader().get("https://example.com/file", 1)
    assert "https_proxy" in str(raised.value)
    assert "secret" not in str(raised.value)
