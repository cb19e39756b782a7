#!/bin/sh
# Adds to a new cluster's configuration what every container needs:
# firedrill-configure PGDATA.
set -eu

cat >>"$1/postgresql.conf" <<'EOF'

# firedrill
listen_addresses = '*'
log_timezone = 'Etc/UTC'
timezone = 'Etc/UTC'
# A container without IPC has no /dev/shm.
dynamic_shared_memory_type = mmap
EOF
