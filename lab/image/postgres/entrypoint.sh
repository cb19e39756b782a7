#!/bin/sh
# Starts PostgreSQL as the upstream image does, from a cluster that is
# initialised already. See postgres.go for what is the same and what is not.
set -eu

share=/usr/local/share/firedrill
scripts=/docker-entrypoint-initdb.d

say() { printf '%s\n' "$*" >&2; }

fail() {
	printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
	exit 1
}

# from_file NAME DEFAULT takes NAME, or the content of the file NAME_FILE.
from_file() {
	eval "value=\${$1-} file=\${$1_FILE-}"
	if [ -n "$file" ]; then
		[ -z "$value" ] || fail "$1 and $1_FILE are both set" "set one of them"
		value=$(cat "$file")
	fi
	export "$1=${value:-$2}"
}

# sql DATABASE ARGUMENT... runs psql as the superuser on the local socket.
sql() {
	database=$1
	shift
	psql --no-psqlrc --quiet --no-password --set=ON_ERROR_STOP=1 \
		--host="$sockets" --username="$POSTGRES_USER" --dbname="$database" "$@"
}

# new_cluster fills an empty PGDATA.
new_cluster() {
	if [ -z "${POSTGRES_INITDB_ARGS-}" ]; then
		tar -C "$PGDATA" -xf "$share/cluster.tar"
		return
	fi
	eval "initdb --username=postgres --no-sync --no-instructions $POSTGRES_INITDB_ARGS" >&2
	firedrill-configure "$PGDATA"
	printf '%s\n' 'CREATE ROLE firedrill_setup SUPERUSER LOGIN' |
		postgres --single -F template1 >/dev/null
}

# serve_locally COMMAND... starts the server without TCP and returns when it is
# ready. It waits for the server's own word, which comes at once.
serve_locally() {
	mkfifo "$sockets/.firedrill"
	"$@" -c listen_addresses= -c unix_socket_directories="$sockets" \
		-c logging_collector=off -c log_destination=stderr -c lc_messages=C \
		2>"$sockets/.firedrill" &
	server=$!
	exec 3<"$sockets/.firedrill"
	rm "$sockets/.firedrill"
	while IFS= read -r line <&3; do
		say "$line"
		case $line in *'ready to accept connections'*)
			cat <&3 >&2 &
			exec 3<&-
			return
			;;
		esac
	done
	fail "the server ended before it was ready" "its last lines are above"
}

# own_names gives the superuser and the database the names that were asked for.
own_names() {
	psql --no-psqlrc --quiet --no-password --set=ON_ERROR_STOP=1 --host="$sockets" \
		--username=firedrill_setup --dbname=template1 --set=user="$POSTGRES_USER" \
		--set=password="${POSTGRES_PASSWORD-}" --set=db="$POSTGRES_DB" <<'EOF'
SELECT :'user' <> 'postgres' AS rename, :'password' <> '' AS secret,
  NOT EXISTS (SELECT FROM pg_database WHERE datname = :'db') AS create,
  EXISTS (SELECT FROM pg_database WHERE datname = 'firedrill_spare') AS spare \gset
\if :rename
ALTER ROLE postgres RENAME TO :"user";
\endif
\if :secret
ALTER ROLE :"user" PASSWORD :'password';
\endif
\if :create
\if :spare
ALTER DATABASE firedrill_spare RENAME TO :"db";
ALTER DATABASE :"db" OWNER TO :"user";
\else
CREATE DATABASE :"db" OWNER :"user";
\endif
\elif :spare
DROP DATABASE firedrill_spare;
\endif
\connect :"db" :"user"
DROP ROLE firedrill_setup;
EOF
}

# run_scripts runs what lies in the scripts' directory, by name.
run_scripts() {
	for script in "$scripts"/*; do
		case $script in
		*.sql)
			say "running $script"
			sql "$POSTGRES_DB" --file="$script"
			;;
		*.sql.gz)
			say "running $script"
			gunzip -c "$script" | sql "$POSTGRES_DB"
			;;
		*.sh)
			say "running $script"
			if [ -x "$script" ]; then "$script"; else . "$script"; fi
			;;
		"$scripts/*") ;;
		*) say "ignoring $script" ;;
		esac
	done
}

# settings reads what the environment asks for.
settings() {
	from_file POSTGRES_USER postgres
	from_file POSTGRES_PASSWORD ''
	from_file POSTGRES_DB "$POSTGRES_USER"
	from_file POSTGRES_INITDB_ARGS ''
	auth=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
	[ -n "$POSTGRES_PASSWORD" ] || [ "$auth" = trust ] ||
		fail "POSTGRES_PASSWORD is not set" "set it, or POSTGRES_HOST_AUTH_METHOD=trust"
}

# fingerprint tells one set of settings and scripts from another.
fingerprint() {
	{
		printf '%s\n' "$POSTGRES_USER" "$POSTGRES_PASSWORD" "$POSTGRES_DB" \
			"$POSTGRES_INITDB_ARGS" "$auth"
		for script in "$scripts"/*; do
			[ ! -e "$script" ] || sha256sum "$script"
		done
	} | sha256sum
}

# initialise makes a new cluster ready for its first real start.
initialise() {
	new_cluster
	printf 'host all all all %s\n' "$auth" >>"$PGDATA/pg_hba.conf"
	serve_locally "$@"
	own_names
	run_scripts
	kill -TERM "$server" # which lets the scripts' sessions end by themselves
	wait "$server"
	wait # for the last of its log
	say "PostgreSQL init process complete; ready for start up."
}

# fill makes the cluster in an empty PGDATA: from the image's database, if that
# was prepared for the same settings and scripts.
fill() {
	settings
	if [ -r "$share/database.sum" ] && [ "$(cat "$share/database.sum")" = "$(fingerprint)" ]; then
		tar -C "$PGDATA" -xf "$share/database.tar"
		# Who waits for the second of these lines must find two here as well.
		say "the image's prepared database system is ready to accept connections"
		say "PostgreSQL init process complete; ready for start up."
		return
	fi
	initialise "$@"
}

# prepare initialises the image's database while the image is built.
prepare() {
	settings
	initialise postgres -c fsync=off
	tar -C "$PGDATA" -cf "$share/database.tar" .
	fingerprint >"$share/database.sum"
	rm -rf "$PGDATA"
}

case ${1-} in '' | -*) set -- postgres "$@" ;; esac
case $1 in postgres | prepare) ;; *) exec "$@" ;; esac
[ "$(id -u)" != 0 ] || fail "PostgreSQL does not run as root" "run the container as another user"

sockets=/var/run/postgresql
# A shell may think that a directory of a read-only root is writable: try it.
if (: >"$sockets/.firedrill") 2>/dev/null; then rm "$sockets/.firedrill"; else sockets=/tmp; fi
umask 077
mkdir -p "$PGDATA"
chmod 0700 "$PGDATA" || fail "PGDATA $PGDATA is not this user's own" \
	"mount a tmpfs or volume there that belongs to user $(id -u), or name a directory below"
if [ "$1" = prepare ]; then
	prepare
	exit
fi
[ -s "$PGDATA/PG_VERSION" ] || fill "$@"
exec "$@" -c unix_socket_directories="$sockets"
