"""What the workflow must know before, around and after its jobs: members, states, record, logs, lock."""
