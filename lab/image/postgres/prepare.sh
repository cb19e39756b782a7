#!/bin/sh
# Prepares the image while it is built: "places" as root, then "cluster" as nobody.
set -eu

share=/usr/local/share/firedrill

# places makes users and directories.
places() {
	grep -q '^nonroot:' /etc/group || echo 'nonroot:x:65532:' >>/etc/group
	grep -q '^nonroot:' /etc/passwd ||
		echo 'nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin' >>/etc/passwd
	mkdir -p "$share" "$PGDATA" /var/run/postgresql /docker-entrypoint-initdb.d
	chown nonroot:nonroot "$share"
	chown postgres:postgres "$PGDATA"
	chmod 1777 "$PGDATA" /var/run/postgresql
}

# cluster makes what the entrypoint unpacks; one archive is unpacked in half the
# time that it takes to copy its thousand files. Its superuser is named postgres;
# firedrill_setup is there to rename it, because nobody can rename the role of
# his own session. The spare database is renamed to POSTGRES_DB. Small segments
# of the write-ahead log make the archive small.
cluster() {
	dir=/tmp/cluster
	initdb --pgdata="$dir" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
		--wal-segsize=1 --no-sync --no-instructions >/dev/null
	firedrill-configure "$dir"
	postgres --single -F -D "$dir" template1 >/dev/null <<-'EOF'
		CREATE ROLE firedrill_setup SUPERUSER LOGIN
		CREATE DATABASE firedrill_spare
	EOF
	tar -C "$dir" -cf "$share/cluster.tar" .
	rm -rf "$dir"
}

"$1"
