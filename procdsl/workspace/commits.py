"""Files as a commit of git has them: sources, what they use, and the Python of their externs."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from procdsl.checker.uses import CannotUse
from procdsl.records import dataclass
from procdsl.source import Source
from procdsl.workspace import externs, git, sources
from procdsl.workspace.errors import Misuse

PREFIX = "git:"
"""What the name of a file in a commit begins with: `git:main:pipelines/resnet50.proc`."""
_KINDS = {"120000": "a link", "160000": "a submodule", "040000": "a folder"}


@dataclass(frozen=True)
class Commit:
    """A commit of the repository at `root`; `ref` is what the user calls it."""

    root: str
    ref: str
    sha: str

    @classmethod
    def of(cls, ref: str, folder: str) -> Commit:
        """The commit that a ref names, in the repository round a folder."""
        try:
            root = git.said(Path(folder or "."), "rev-parse", "--show-toplevel")
            wanted = f"{ref}^{{commit}}"
            sha = git.said(Path(root), "rev-parse", "--verify", "--end-of-options", wanted)
        except git.GitRefuses as error:
            raise Misuse(f"{PREFIX}{ref} is no commit that git knows: {error}") from None
        return cls(root, ref, sha)

    def path_of(self, file: str) -> str:
        """The path in the repository of a file that lies in its working tree."""
        path = os.path.relpath(os.path.realpath(file), os.path.realpath(self.root))
        if path.split(os.sep)[0] == os.pardir:
            raise Misuse(f"{file} lies outside the repository {self.root}")
        return path.replace(os.sep, "/")

    def has(self, path: str) -> bool:
        """Whether there is anything of this path."""
        return bool(self._entry(path))

    def source(self, path: str, title: str = "") -> Source:
        """The text of a file."""
        name = self._name(path)
        return Source(name, sources.decoded(name, self._data(path)), title)

    def load(self, user: Source, path: str) -> Source:
        """The file that a source of the commit uses, in the same commit and the same project."""
        beside = self._folder_of(user)
        wanted = posixpath.normpath(posixpath.join(beside, path))
        project = self._project(beside)
        inside = wanted.startswith(f"{project}/") if project else wanted.split("/")[0] != ".."
        if posixpath.isabs(path) or not inside:
            raise CannotUse(f"`{path}` lies outside the project's folder {project or self.root}")
        try:
            return self.source(wanted, title=path)
        except Misuse as error:
            raise CannotUse(str(error)) from None

    def find(self, user: Source, module: str, function: str) -> str:
        """The hash of an extern's source in the commit; of what is not there, that on Python's
        path."""
        beside = self._folder_of(user)
        words = module.split(".")
        for folder in dict.fromkeys((beside, self._project(beside))):
            place = posixpath.join(folder, *words)
            for path in (f"{place}/__init__.py", f"{place}.py"):
                if self.has(path):
                    file = Path(self._name(path))
                    return externs.digest(self._data(path), function, module, file)
        return externs.find_near(module, function)

    def _name(self, path: str) -> str:
        return f"{PREFIX}{self.ref}:{path}"

    def _folder_of(self, user: Source) -> str:
        return posixpath.dirname(user.name.removeprefix(self._name("")))

    def _project(self, folder: str) -> str:
        """The nearest folder above that holds a project; the repository's own is empty."""
        while folder and not self.has(posixpath.join(folder, "pyproject.toml")):
            folder = posixpath.dirname(folder)
        return folder

    def _entry(self, path: str) -> list[str]:
        """Mode, type, hash and size of what has this path; empty where there is nothing."""
        try:
            found = git.data(Path(self.root), "ls-tree", "-l", "-z", self.sha, "--", path)
        except git.GitRefuses as error:
            raise Misuse(f"{self._name(path)} cannot be read: {error}") from None
        entry, _, name = os.fsdecode(found).rstrip("\0").partition("\t")
        return entry.split() if name == path else []

    def _data(self, path: str) -> bytes:
        name = self._name(path)
        entry = self._entry(path)
        if not entry:
            raise Misuse(f"{name} does not exist")
        mode, _, blob, size = entry
        if mode in _KINDS:
            raise Misuse(f"{name} is {_KINDS[mode]}, not a file")
        if int(size) >= sources.MOST:
            raise Misuse(f"{name} is of {int(size):,} bytes, more than are read")
        try:
            return git.data(Path(self.root), "cat-file", "blob", blob)
        except git.GitRefuses as error:
            raise Misuse(f"{name} cannot be read: {error}") from None


def named(given: str, folder: str = "") -> tuple[Commit, str]:
    """The commit and the path of `git:REF:path`."""
    ref, colon, path = given.removeprefix(PREFIX).partition(":")
    if not ref or not colon or not path:
        raise Misuse(f"{given}: expected git:REF:path, such as git:main:pipelines/a.proc")
    path = posixpath.normpath(path)
    if posixpath.isabs(path) or path.split("/")[0] == "..":
        raise Misuse(f"{given}: the path begins at the top of the repository")
    return Commit.of(ref, folder), path
