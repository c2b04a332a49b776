"""Pack the sample's two archives from the plain files in ``examples/velmara/packed``: the same bytes on every run.

    python examples/build.py

The zip is stored, not deflated, and the WARC is not compressed, so no version of zlib can change a byte.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

CASE = Path(__file__).parent / "velmara"
CRAWLED = "2024-09-24T06:00:00Z"
PAGES = {
    "https://narveshtoday.example/2024-09-10": "packed/narvesh-today/2024-09-10.html",
    "https://narveshtoday.example/2024-09-13": "packed/narvesh-today/2024-09-13.html",
    "https://narveshtoday.example/2024-09-21": "packed/narvesh-today/2024-09-21.html",
    # The crawl also caught a page that lies beside it as a file: the same document, found twice.
    "https://radiodrovno.example/2024/09/21/inquiry": "documents/Radio Drovno/2024-09-21-inquiry.html",
}


def zip_bytes(folder: Path) -> bytes:
    """Return `folder` as a zip with sorted names and a fixed time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            member = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (2024, 9, 24, 8, 0, 0))
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, path.read_bytes())
    return buffer.getvalue()


def warc_bytes(pages: dict[str, Path]) -> bytes:
    """Return a WARC with one response record for each URL of `pages`."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    for url, path in pages.items():
        writer.write_record(_response(writer, url, path.read_bytes()))
    return buffer.getvalue()


def _response(writer: WARCWriter, url: str, body: bytes) -> object:
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
    fixed = {"WARC-Date": CRAWLED, "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>"}
    return writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), http_headers=http, warc_headers_dict=fixed
    )


def archives() -> dict[Path, bytes]:
    """Return what each archive of the sample must hold."""
    packed = CASE / "documents" / "packed"
    return {
        packed / "press-bundle.zip": zip_bytes(CASE / "packed" / "press-bundle"),
        packed / "narvesh-today.warc": warc_bytes({url: CASE / path for url, path in PAGES.items()}),
    }


if __name__ == "__main__":
    for target, content in archives().items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
