#!/usr/bin/env bash
# Starts a SLURM of one node from Debian's packages (slurm-wlm, munge), as root, without systemd and accounting.
# It does nothing where SLURM runs already.
set -euo pipefail
if sinfo --noheader >/dev/null 2>&1; then sinfo; exit 0; fi
host=$(hostname -s)

mkdir -p /run/munge /var/log/munge /var/lib/munge
[ -s /etc/munge/munge.key ] || /usr/sbin/mungekey --create
chown -R munge:munge /run/munge /var/log/munge /var/lib/munge /etc/munge/munge.key
chmod 755 /run/munge
chmod 400 /etc/munge/munge.key
pidof munged >/dev/null || su -s /bin/sh munge -c /usr/sbin/munged

mkdir -p /etc/slurm /var/spool/slurmctld /var/spool/slurmd /var/log/slurm
read -r cpus memory < <(slurmd -C | sed -n 's/.*CPUs=\([0-9]*\).*RealMemory=\([0-9]*\).*/\1 \2/p')
# Without control groups: processes are tracked by their parents, memory is scheduled but not enforced.
cat > /etc/slurm/slurm.conf <<CONF
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
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
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
# Older releases load a plugin for control groups whatever is said above; version 1 loads, and is not used.
version=$(slurmd -V | sed 's/[^0-9]*\([0-9]*\.[0-9]*\).*/\1/')
if dpkg --compare-versions "$version" ge 23.02; then plugin=disabled; else plugin=cgroup/v1; fi
echo "CgroupPlugin=$plugin" > /etc/slurm/cgroup.conf

pidof slurmctld >/dev/null || slurmctld
sleep 1
pidof slurmd >/dev/null || slurmd
for _ in $(seq 60); do
  if sinfo --noheader --format %T 2>/dev/null | grep -qx idle; then sinfo; exit 0; fi
  sleep 0.5
done
echo "SLURM did not become idle; see /var/log/slurm" >&2
exit 1
