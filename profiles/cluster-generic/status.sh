#!/usr/bin/env bash
# Prints running, success or failed for a SLURM job number. SLURM forgets jobs some minutes after their end (MinJobAge), which
# then only its accounting may remember. A job that nobody remembers counts as failed, and is tried again.
job="$1"
if answer=$(scontrol --oneliner show job "$job" 2>&1); then
  state=$(sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p' <<< "$answer")
elif grep -q "Invalid job id" <<< "$answer"; then
  state=$(sacct --noheader --parsable2 --allocations --format State --jobs "$job" 2> /dev/null | head -n 1)
  state=${state:-FORGOTTEN}
else
  state=UNREACHABLE # the controller is busy or down; jobs go on all the same
fi
case "$state" in
  COMPLETED) echo success ;;
  PENDING | RUNNING | CONFIGURING | COMPLETING | SUSPENDED | REQUEUED | RESIZING | STAGE_OUT | UNREACHABLE) echo running ;;
  *) echo failed ;;
esac
