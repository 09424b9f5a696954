/* jobs-node.pml: what a process does as a node, a part of jobs.pml: claim, renew and compare what it holds, come back under a new
   identity, crash. */
#define MINE(s, p) (ph[s] != FREE && ph[s] != HUNG && ap[s] == p)
#define IDLE(p) (!MINE(0, p) && !MINE(1, p) && !MINE(2, p) && !MINE(3, p))
#define ISSOLO(s, p) (MINE(s, p) && solo[s])
#define QUARANTINE(p) (ISSOLO(0, p) || ISSOLO(1, p) || ISSOLO(2, p) || ISSOLO(3, p))
#ifdef ALONE_IN_STATEMENT
#define ALONE(p, j) 1
#else
#define ALONE(p, j) (!QUARANTINE(p) && (resc[j] == 0 || IDLE(p)))
#endif
#define SPARE (ph[0] == FREE || ph[1] == FREE || ph[2] == FREE || ph[3] == FREE)
#define claimable(p, j) (SPARE && (st[j] == AVAIL || st[j] == RETRY) && ALONE(p, j))
inline claim(p, j) {
  if :: ph[0] == FREE -> x = 0 :: else -> if :: ph[1] == FREE -> x = 1 :: else -> if :: ph[2] == FREE -> x = 2 :: else -> x = 3 fi fi fi;
  assert(!creq[j]);                                          /* CANCELLED-STAYS */
  st[j] = RUN; node[j] = me[p]; cur[j] = x; outc[j] = 0; company[j] = 0; started[j] = 0;
#ifdef FENCE_BY_ATTEMPT
  fence[j] = att[j] + 1;
#else
  fenceSeq++; fence[j] = fenceSeq;
#endif
  ph[x] = SENT; aj[x] = j; ap[x] = p; aid[x] = me[p]; af[x] = fence[j]; ag[x] = gen[j]; solo[x] = (resc[j] > 0);
  x = 0
}

#ifdef RECONCILE_BY_ID
#define SAME(s, j) 1
#else
#define SAME(s, j) (af[s] == fence[j])
#endif
#ifdef RECONCILE_INFLIGHT
#define HAS(s, p, j) (ph[s] > SENT && ap[s] == p && aj[s] == j && SAME(s, j))
#else
#define HAS(s, p, j) (ph[s] >= SENT && ap[s] == p && aj[s] == j && SAME(s, j))
#endif
#define unknown(p, j) (st[j] == RUN && node[j] == me[p] && !(HAS(0, p, j) || HAS(1, p, j) || HAS(2, p, j) || HAS(3, p, j)))

inline newIdentity(p) { assert(nextId < I); /* BOUND */ gone[me[p]] = 1; me[p] = nextId; nextId++; live[me[p]] = 1 }

#define HANDLES(s, p, j) (ph[s] == RUNS && ap[s] == p && aj[s] == j)
#define RUNNING(p, j) (HANDLES(0, p, j) || HANDLES(1, p, j) || HANDLES(2, p, j) || HANDLES(3, p, j))

proctype Node(byte p) {
  byte x = 0; bit wire = 0;
end:
  do
  :: atomic { claimable(p, 0) -> claim(p, 0) }
#if JOBS > 1
  :: atomic { claimable(p, 1) -> claim(p, 1) }
#endif
#ifndef NO_RECONCILE
  :: atomic { live[me[p]] && unknown(p, 0) -> giveback(0) }                  /* with the renewal */
#if JOBS > 1
  :: atomic { live[me[p]] && unknown(p, 1) -> giveback(1) }
#endif
#endif
  :: atomic { live[me[p]] && seen[me[p]] -> seen[me[p]] = 0 }                /* renewal: the counter has moved */
#ifdef REVIVE_NODE
  :: atomic { !live[me[p]] -> live[me[p]] = 1; seen[me[p]] = 0 }
#else
  :: atomic { !live[me[p]] -> newIdentity(p) }                               /* renewal refused: re-join, old handlers still run */
#endif
  :: atomic { budget > 0 ->                                                  /* FAULT crash; what was on the wire may arrive */
       budget--;
#if JOBS > 1
       if :: RUNNING(p, 0) && RUNNING(p, 1) -> company[0] = 1; company[1] = 1 :: else fi;
#endif
       if :: wire = 0 :: wire = 1 fi;
       x = 0;
       do
       :: x < S ->
          if :: ph[x] != FREE && ap[x] == p && !(wire && (ph[x] == SOK || ph[x] == SFAIL || ph[x] == COK || ph[x] == CFAIL)) -> free(x) :: else fi;
          x++
       :: else -> break
       od;
       x = 0; wire = 0; newIdentity(p) }
  od
}
