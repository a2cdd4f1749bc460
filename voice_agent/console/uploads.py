"""Files uploaded with a form: bounded in size, with harmless names."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import PureWindowsPath

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from voice_agent.http import Refused

KIND = "multipart/form-data"
LONGEST_NAME = 120
_UNSAFE = re.compile(r"[\x00-\x1f\x7f#?<>\"|*:]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file: its name without a folder, and its bytes."""

    name: str
    content: bytes


async def parts_of(
    headers: Headers, body: bytes, most_files: int
) -> tuple[list[tuple[str, str]], list[Upload]]:
    """The fields and files of a posted form. Raises: Refused."""

    async def once() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(headers, once(), max_files=most_files, max_fields=100)
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, KeyError) as error:
        told = f"At most {most_files} files can be sent at once." if "Too many" in str(error) else (
            "the form cannot be read"
        )  # fmt: skip
        raise Refused(422, "bad-form", told) from error
    try:
        fields: list[tuple[str, str]] = []
        files: list[Upload] = []
        for name, value in form.multi_items():
            if isinstance(value, str):
                fields.append((name, value.replace("\x00", "")))
            elif isinstance(value, UploadFile) and value.filename:
                files.append(Upload(named(value.filename), await value.read()))
        return fields, files
    finally:
        await form.close()


def named(given: str) -> str:
    """A file's bare name, whatever path or characters came with it."""
    name = _UNSAFE.sub("-", PureWindowsPath(given.replace("/", "\\")).name).strip(" .-")
    stem, dot, ending = name.rpartition(".")
    short = f"{stem[: LONGEST_NAME - 12]}{dot}{ending[:10]}" if len(name) > LONGEST_NAME else name
    return short or "document"
