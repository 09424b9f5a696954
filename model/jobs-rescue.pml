/* jobs-rescue.pml: whose lease is lost, and rescue, a part of jobs.pml. */
#define lost(j) (st[j] == RUN && !live[node[j]])
inline rescue(j) {
  resc[j]++;
  if
  :: resc[j] > 1 -> lone[j]++;
#ifdef CHECK_INNOCENT
     assert(!company[j])                                     /* INNOCENT: no other handler ran in the process that died */
#endif
  :: else
  fi;
#ifdef AMO_RESCUED_BACK
  if
#else
  if
  :: amo(j) && started[j] -> finish(j, DISC)                 /* lost, visibly */
#endif
#ifdef CHARGE_ON_RESCUE
  :: else -> charge(j)
#else
  :: else -> if :: lone[j] >= LONE -> finish(j, DISC) :: else -> release(j) fi
#endif
  fi
}

#ifdef RESCUE_BY_NODE
#if JOBS > 1
#define SWEEP(i) if :: st[0] == RUN && node[0] == i -> rescue(0) :: else fi; if :: st[1] == RUN && node[1] == i -> rescue(1) :: else fi
#else
#define SWEEP(i) if :: st[0] == RUN && node[0] == i -> rescue(0) :: else fi
#endif
#else
#define SWEEP(i) skip
#endif
/* no renewal seen for a TTL (a FAULT, unless the identity is gone); then, by compare-and-set on the counter that was
   seen to stand still, the lease is lost. Identities that don't exist yet are not live. */
#define WATCH(i) \
  :: atomic { live[i] && !seen[i] && gone[i] -> seen[i] = 1 } \
  :: atomic { live[i] && !seen[i] && !gone[i] && MAY -> budget--; seen[i] = 1 } \
  :: atomic { live[i] && seen[i] -> live[i] = 0; seen[i] = 0; SWEEP(i) }

proctype Rescuer() {
  byte rj = NIL; byte rf = 0;
end:
  do
  WATCH(0) WATCH(1) WATCH(2) WATCH(3) WATCH(4) WATCH(5) WATCH(6)
#ifndef RESCUE_BY_NODE
  :: atomic { rj == NIL && lost(0) -> rj = 0; rf = fence[0] }                /* read */
#if JOBS > 1
  :: atomic { rj == NIL && lost(1) -> rj = 1; rf = fence[1] }
#endif
  :: atomic { rj != NIL ->                                                   /* write */
#ifdef RESCUE_UNGUARDED
       rescue(rj);
#else
       if :: st[rj] == RUN && fence[rj] == rf -> rescue(rj) :: else fi;
#endif
       rj = NIL; rf = 0 }
#endif
  od
}
