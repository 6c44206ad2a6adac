"""An object store: S3, what speaks its protocol, and whatever else obstore opens by its address."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from xiaoer.serve.errors import ObjectThereError, StoreAwayError, StoreLibraryMissingError

# An endpoint without TLS is one that the environment names: a server of one's own.
_CLIENT = {"connect_timeout": "3s", "timeout": "60s", "allow_http": True}
_RETRIES = 2


class ObjectStore:
    """Files by name under an address such as `s3://bucket/prefix`; keys and region are those of the environment.

    Raises:
        StoreLibraryMissingError: the extra `objects` is not installed. StoreAwayError: it is no address of a store.
    """

    def __init__(self, address: str) -> None:
        try:
            import obstore  # noqa: PLC0415  # of an extra
            from obstore.exceptions import AlreadyExistsError, BaseError  # noqa: PLC0415
            from obstore.store import from_url  # noqa: PLC0415
        except ImportError as error:
            raise StoreLibraryMissingError(
                "A store of models needs the library obstore: pip install 'xiaoer[objects]'."
            ) from error
        self.address = address
        self._library = obstore
        self._errors: tuple[type[Exception], ...] = (BaseError, OSError, ValueError)
        self._there: type[Exception] = AlreadyExistsError
        is_remote = not address.startswith(("file:", "memory:"))
        options: dict[str, Any] = {}  # any: each kind of store has its own
        if is_remote:
            options = {"client_options": _CLIENT, "retry_config": {"max_retries": _RETRIES}}
        with self._asking("opened"):
            self._store = from_url(address, **options)

    def names(self) -> set[str]:
        """Give the names of all files."""
        with self._asking("listed"):
            return {one["path"] for some in self._library.list(self._store) for one in some}

    def read(self, name: str) -> bytes | None:
        """Give a file's content, None if there is none."""
        with self._asking("read"):
            try:
                return bytes(self._library.get(self._store, name).bytes())
            except FileNotFoundError:
                return None

    def write(self, name: str, content: bytes, *, is_new: bool = False) -> None:
        """Write a file whole; `is_new`: only if none is there.

        Raises:
            ObjectThereError: another is there.
        """
        with self._asking("written"):
            try:
                self._library.put(self._store, name, content, mode="create" if is_new else "overwrite")
            except self._there as error:
                raise ObjectThereError(f"{self.address} holds {name} already; it came from another machine.") from error

    def remove(self, name: str) -> None:
        """Delete a file."""
        with self._asking("changed"):
            self._library.delete(self._store, name)

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise StoreAwayError(f"The store {self.address} cannot be {what}: {str(error).splitlines()[0]}") from error
