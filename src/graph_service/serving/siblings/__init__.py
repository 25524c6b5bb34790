"""Several serving processes: siblings beside the main process accept on the same port and answer from its workers.

    main process ──── keeper ──── workers
      │  listener 0      (workers/crew.py: who gets one next)
      ├── sibling  listener 1 ─ ─ a socket to each worker
      └── sibling  listener 2 ─ ─ …

The main process is the service as it is alone: it has keepers, queues, editions and what is counted. A sibling reads
requests, keeps its part of the cache, and asks for workers (`workers/lending.py`); what only the main process can
answer it passes on (`passing.py`).
"""
