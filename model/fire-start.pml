/* fire-start.pml: runAtStart (rule 5), a part of fire.pml. A process that starts makes one job of origin `start`, under the same
   compare-and-set as everything else, unless a job of the schedule lives or was created within the last period. A start that
   lost the race reads again: that somebody has decided says nothing of a creation. The fault is a crash before the write, and what
   follows is another start: a crash loop. */
#ifdef START_WITHOUT_PERIOD
#define QUIET 1
#else
#define QUIET (createdAt == 0 || now + 1 >= createdAt + PERIOD)
#endif
#define WANTED (ACTIVE(def) && liveJobs == 0 && QUIET)
#ifdef START_BLIND
#define MAY_START 1
#else
#define MAY_START UNCHANGED
#endif

inline through() {
  assert(!ACTIVE(def) || createdAt > 0);                        /* STARTED */
  starts--; forget()
}

proctype Starter() {
  byte sD, sR, sB, sDef, sFrom, sLive, sNow, sRel, sInc, sA, k, due, starts = STARTS;
end:
  do
  :: atomic { starts > 0 && WANTED -> read() };
     if
     :: atomic { MAY_START ->
          assert(createdAt == 0 || sNow + 1 >= createdAt + PERIOD); /* START-ONCE */
          liveJobs++; CREATED(sNow);
          assert(liveJobs <= 1);                             /* ONE-LIVE */
          assert(ACTIVE(def));                               /* PAUSE */
#ifndef START_WITHOUT_CREATED
          jobsCreated++;
#endif
          through() }
#ifdef START_WITHOUT_RETRY
     :: atomic { !MAY_START -> through() }
#else
     :: atomic { !MAY_START -> forget() }
#endif
     :: atomic { starts--; forget() }                        /* FAULT: it died between the read and the write */
     fi
  :: atomic { starts > 0 && !WANTED -> through() }
  od
}
