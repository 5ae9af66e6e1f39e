#!/usr/bin/env bash
# Starts a SLURM of one node from Debian's packages (slurm-wlm, munge), as root and without systemd.
#   slurm_single_node.sh              without accounting
#   slurm_single_node.sh accounting   with slurmdbd and a data base of its own (packages slurmdbd, mariadb-server)
#   slurm_single_node.sh stop         ends what it has started
# It does nothing where SLURM runs already as wanted, or a SLURM that is not by this script.
set -euo pipefail
wanted="${1:-plain}"
mark="# Written by .ci/slurm_single_node.sh"
conf=/etc/slurm/slurm.conf
dbd_conf=/etc/slurm/slurmdbd.conf
database=/var/spool/slurmdbd-mariadb
export SLURM_CONF=$conf

ours() { [ -s "$conf" ] && head -n 1 "$conf" | grep -qxF "$mark"; }
answers() { timeout 20 sinfo --noheader 2>/dev/null | grep -q .; }
await() { for _ in $(seq 60); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.5; done; return 1; }
gone() { ! pidof "$1"; }
give_up() { echo "$1; see /var/log/slurm" >&2; exit 1; }

stop() {
  if pidof slurmctld >/dev/null; then timeout 20 scancel --user root || true; fi
  for name in slurmd slurmctld slurmdbd; do
    pidof "$name" | xargs --no-run-if-empty kill || true
    await gone "$name" || give_up "$name does not end"
  done
  if [ -s "$database/pid" ]; then
    kill "$(cat "$database/pid")" || true
    await test ! -e "$database/pid" || give_up "mariadbd does not end"
  fi
}

start_database() {
  rm -rf "$database"
  mkdir -p "$database/data"
  chown -R mysql: "$database"
  mariadb-install-db --no-defaults --user=mysql --datadir="$database/data" > /var/log/slurm/mariadb.log 2>&1
  setsid mariadbd --no-defaults --user=mysql --datadir="$database/data" --socket="$database/socket" \
    --pid-file="$database/pid" --bind-address=127.0.0.1 --port=13306 --skip-name-resolve \
    --innodb-buffer-pool-size=64M >> /var/log/slurm/mariadb.log 2>&1 < /dev/null &
  local mariadb="mariadb --no-defaults --socket=$database/socket"
  await $mariadb --execute "select 1" || give_up "the data base does not answer"
  local password
  password=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
  $mariadb --execute "create user slurm@127.0.0.1 identified by '$password'; grant all on slurm.* to slurm@127.0.0.1"
  install -m 600 /dev/null "$dbd_conf"
  cat > "$dbd_conf" <<CONF
AuthType=auth/munge
DbdHost=localhost
SlurmUser=root
LogFile=/var/log/slurm/slurmdbd.log
PidFile=/run/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=13306
StorageUser=slurm
StoragePass=$password
StorageLoc=slurm
CONF
  slurmdbd
  await sacctmgr --noheader show cluster || give_up "slurmdbd does not answer"
  sacctmgr --immediate --quiet add cluster single
  sacctmgr --immediate --quiet add account ci Description=ci Organization=ci
  sacctmgr --immediate --quiet add user root Account=ci
}

if [ "$wanted" = stop ]; then
  ours || { echo "$conf is not by this script: nothing is stopped"; exit 0; }
  stop
  # Without a config, programs see at once that there is no SLURM, and do not wait for one.
  rm "$conf"
  if [ -e "$conf.before" ]; then mv "$conf.before" "$conf"; fi
  exit 0
fi
if [ -e "$conf" ] && ! ours && answers; then sinfo; exit 0; fi
case "$wanted" in
  plain) accounting="AccountingStorageType=accounting_storage/none" ;;
  accounting) accounting=$'AccountingStorageType=accounting_storage/slurmdbd\nAccountingStorageHost=localhost' ;;
  *) echo "$0: plain, accounting or stop, not $wanted" >&2; exit 2 ;;
esac

mkdir -p /run/munge /var/log/munge /var/lib/munge
[ -s /etc/munge/munge.key ] || /usr/sbin/mungekey --create
chown -R munge:munge /run/munge /var/log/munge /var/lib/munge /etc/munge/munge.key
chmod 755 /run/munge
chmod 400 /etc/munge/munge.key
pidof munged >/dev/null || su -s /bin/sh munge -c /usr/sbin/munged

mkdir -p /etc/slurm /var/spool/slurmctld /var/spool/slurmd /var/log/slurm
host=$(hostname -s)
read -r cpus memory < <(SLURM_CONF='' slurmd -C | sed -n 's/.*CPUs=\([0-9]*\).*RealMemory=\([0-9]*\).*/\1 \2/p')
new=$(mktemp)
trap 'rm -f "$new"' EXIT
# Without control groups processes are tracked by their parents. slurmd looks at the memory of jobs every second and
# ends those that take more than they asked for. A job over its time gets 5 s to end.
cat > "$new" <<CONF
$mark
ClusterName=single
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
StateSaveLocation=/var/spool/slurmctld
SlurmdSpoolDir=/var/spool/slurmd
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
SlurmctldLogFile=/var/log/slurm/slurmctld.log
SlurmdLogFile=/var/log/slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill,UsePss
KillWait=5
TaskProlog=/etc/slurm/task_prolog.sh
Epilog=/etc/slurm/epilog.sh
$accounting
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
MinJobAge=600
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=1,sched_interval=5
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=$((memory * 9 / 10)) State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
# As on clusters whose nodes have disks of their own: a folder for each job, which is named to it and gone after it.
cat > /etc/slurm/task_prolog.sh <<'PROLOG'
#!/bin/sh
mkdir -p "/tmp/slurm-job-$SLURM_JOB_ID" && echo "export SLURM_TMPDIR=/tmp/slurm-job-$SLURM_JOB_ID"
PROLOG
cat > /etc/slurm/epilog.sh <<'EPILOG'
#!/bin/sh
rm -rf "/tmp/slurm-job-$SLURM_JOB_ID"
EPILOG
chmod 755 /etc/slurm/task_prolog.sh /etc/slurm/epilog.sh
if cmp -s "$new" "$conf" && pidof slurmctld slurmd >/dev/null && answers; then sinfo; exit 0; fi
if ours; then stop; elif [ -e "$conf" ]; then mv "$conf" "$conf.before"; fi
install -m 644 "$new" "$conf"
# Older releases load a plugin for control groups whatever is said above; version 1 loads, and is not used.
version=$(slurmd -V | sed 's/[^0-9]*\([0-9]*\.[0-9]*\).*/\1/')
if dpkg --compare-versions "$version" ge 23.02; then plugin=disabled; else plugin=cgroup/v1; fi
echo "CgroupPlugin=$plugin" > /etc/slurm/cgroup.conf

if [ "$wanted" = accounting ]; then start_database; fi
slurmctld
sleep 1
slurmd
idle() { timeout 20 sinfo --noheader --format %T | grep -qx idle; }
await idle || give_up "SLURM did not become idle"
sinfo
