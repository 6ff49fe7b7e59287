"""The index of one trainee's calls: a list that need not read every folder, in SQLite.

The folders are the truth. Every look compares the index with them: what is new or changed is read again, what is gone
vanishes. So an index that is missing, damaged or of another version is simply made again, and where none can be
written (a full disk, one that may only be read) it is held in memory. Several programs may use one index at a time.
"""

import contextlib
import os
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import URL, Engine, create_engine, delete, event, inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool, StaticPool

from voicesim.errors import StorageError
from voicesim.files import is_folder, owner_only, storage_errors
from voicesim.store.places import call_folders, calls_folder, index_path
from voicesim.store.stored import State, StoredCall, describe, stamp_of

#: The steps of ``migrations``, oldest first; the last one is what this version writes.
REVISIONS = ("0001", "0002", "0003")
#: So long one program waits for another that is just writing.
BUSY_S = 30
_UNWRITABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_PERM")
T = TypeVar("T")


class Base(DeclarativeBase):
    """The tables of an index."""


class CallRow(Base):
    """A call as it stands in the index: the fields of :class:`~voicesim.store.stored.StoredCall`."""

    __tablename__ = "calls"

    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    began_utc: Mapped[str] = mapped_column(index=True)
    script_id: Mapped[str]
    script_title: Mapped[str]
    script_version: Mapped[int | None]
    length: Mapped[int | None]
    ending: Mapped[str | None]
    total: Mapped[int | None]
    sound: Mapped[bool]
    official: Mapped[bool]
    shared: Mapped[int]
    stamp: Mapped[str]


_FIELDS = tuple(field.name for field in fields(StoredCall))


class CallIndex:
    """The index of the calls of one trainee, by name. Methods raise StorageError."""

    def __init__(self, trainee: str) -> None:
        self.trainee = trainee
        self.path = index_path(trainee)
        self._engine: Engine | None = None
        self._in_memory = False

    def put(self, call: StoredCall) -> None:
        """Take a call in, instead of what the index had under its id."""
        self._tried(lambda session: session.merge(_to_row(call)))

    def remove(self, call_id: str) -> None:
        """Forget a call; its folder is not touched."""
        self._tried(lambda session: session.execute(delete(CallRow).where(CallRow.id == call_id)))

    def find(self, beginning: str = "") -> tuple[StoredCall, ...]:
        """The calls whose id begins like that, newest first, as their folders are now."""
        calls = calls_folder(self.trainee)
        with storage_errors(calls, "read"):
            if not is_folder(calls) and not self.path.exists():
                return ()
        return self._again(lambda: self._found(beginning))

    def rebuild(self) -> tuple[StoredCall, ...]:
        """All calls, newest first, after the index was thrown away and every folder read again."""
        self._discard()
        return self.find()

    def close(self) -> None:
        """Let go of the file."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _found(self, beginning: str) -> tuple[StoredCall, ...]:
        self._refresh()
        with self._session() as session:
            rows = session.scalars(select(CallRow).order_by(CallRow.began_utc.desc(), CallRow.id.desc()))
            return tuple(_from_row(row) for row in rows if row.id.startswith(beginning))

    def _refresh(self) -> None:
        """Make the index say what the folders say; they are read while nobody has to wait for the index."""
        with self._session() as session:
            known = {row.id: (row.stamp, row.state) for row in session.scalars(select(CallRow))}
        there = {folder.name: folder for folder in call_folders(self.trainee)}
        # Whether a call runs is not to be seen in its files.
        read_again = [
            folder
            for name, folder in there.items()
            if known.get(name) not in ((stamp_of(folder), State.FINISHED), (stamp_of(folder), State.DAMAGED))
        ]
        rows = [_to_row(describe(folder)) for folder in read_again]
        gone = known.keys() - there.keys()
        if rows or gone:
            with self._session() as session:
                session.execute(delete(CallRow).where(CallRow.id.in_(gone)))
                for row in rows:
                    session.merge(row)
                session.commit()

    # -- the file -----------------------------------------------------------------------------------------------------

    def _tried(self, work: Callable[[Session], object]) -> None:
        def done() -> None:
            with self._session() as session:
                work(session)
                session.commit()

        self._again(done)

    def _again(self, work: Callable[[], T]) -> T:
        """What ``work`` gives; where the index is in its way, a new one is begun and it is done once more."""
        try:
            return work()
        except DatabaseError as error:
            name = str(getattr(error.orig, "sqlite_errorname", ""))
            if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                what = f"another voicesim has kept the index for {BUSY_S} s"
                raise StorageError(what, where=str(self.path), mend="Try again when it has ended.") from error
            self._in_memory = self._in_memory or name.startswith(_UNWRITABLE)
            self._discard()
        return work()

    def _discard(self) -> None:
        self.close()
        if self._in_memory:
            return
        try:
            for path in (self.path, self.path.with_name(f"{self.path.name}-journal")):
                path.unlink(missing_ok=True)
        except OSError:
            self._in_memory = True

    def _session(self) -> Session:
        if self._engine is None:
            self._engine = self._opened()
        return Session(self._engine)

    def _opened(self) -> Engine:
        if self._in_memory:
            engine = create_engine("sqlite://", poolclass=StaticPool)
        else:
            with contextlib.suppress(OSError):  # what is wrong SQLite says, too
                # For the owner only from its first byte on; SQLite gives its journal the same mode.
                os.close(owner_only(str(self.path), os.O_CREAT | os.O_RDWR))
            # Not as text: a "?" in a folder's name would begin options, and the index would lie beside it, open to all.
            where = URL.create("sqlite", database=str(self.path))
            engine = create_engine(where, poolclass=NullPool, connect_args={"timeout": BUSY_S})
        _begin_at_once(engine)
        _bring_up_to_date(engine)
        return engine


def _begin_at_once(engine: Engine) -> None:
    """Take the lock at the beginning of every transaction: who reads first and writes later cannot be shut out."""

    def no_own_transactions(connection: Any, _: object) -> None:
        connection.isolation_level = None

    event.listen(engine, "connect", no_own_transactions)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def _bring_up_to_date(engine: Engine) -> None:
    """Run the missing steps; an index of a newer version is emptied and begun again."""
    with engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        version = None
        if "alembic_version" in tables:
            version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if version == REVISIONS[-1]:
            return
        if version not in REVISIONS:
            for table in tables:
                connection.exec_driver_sql(f'DROP TABLE "{table}"')
        migrate(connection, REVISIONS[-1])


def migrate(connection: Any, revision: str) -> None:
    """Run the steps up to ``revision`` on a connection that is in a transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "voicesim.store:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, revision)


def _to_row(call: StoredCall) -> CallRow:
    return CallRow(**{name: getattr(call, name) for name in _FIELDS})


def _from_row(row: CallRow) -> StoredCall:
    values = {name: getattr(row, name) for name in _FIELDS}
    return StoredCall(**values | {"state": State(row.state)})
