/* fire.pml: deciding one schedule by compare-and-set (ARCHITECTURE.md, rules 1, 2, 5 and 11), also under clocks that lie (fire-clock.pml).

   Modelled: one schedule with maxInstances 1 and overlap `skip`. Fire times are the instants 1..T: definition A fires at each,
   B at the even ones. Schedulers, operators, deployments, run-nows and starting processes each read, and then write by
   one compare-and-set on (decidedUntil, revision, jobsCreated), with any pause between the two, or a crash. Operators pause, resume, edit
   (a paused schedule too), remove, and create again under the same id. A worker ends jobs; the clock moves on.
   A change takes effect at the instant that it has read: `validFrom` is the instant that it decided until.
   The ledger's UNIQUE is left out on purpose: the compare-and-set has to hold by itself.
   Not modelled: misfire grace, coalesce other than `latest`, maxInstances above 1, the cap of 10,000 (rule 3), maxFires, orphans.

   Properties, by the label behind each assert:
     ONCE           a fire time is decided once
     DEFINITION     under the definition that was in force at it (a paused one counts as one)
     NO-SKIP        and no fire time of that definition is stepped over
     NONE-LEFT      at the end nothing is left undecided
     GROWS          decidedUntil never goes back, but by undeciding, which raises the revision
     FIRED-ONCE     a fire time that fired does not fire again
     ON-TIME        a fire time that comes under a right clock has not been decided before, unless it fired
     ONE-LIVE       never two live jobs
     PAUSE          no job is created, but by an operator, after a pause or a removal has been committed
     SAME-SCHEDULE  what was read of a schedule is never written to a later one of the same id
     RELEASE        a lower release never overwrites a higher one
     START-ONCE     runAtStart: no job was created within the period before a start's job
     STARTED        runAtStart: an active schedule has had a job when a process has come through its start

   Run: npm run model -- --only fire. The runs, what each macro takes out and the counter-examples are in fire-runs.ts. By hand:
     spin <flags> -a fire.pml && gcc -O2 -DSAFETY -DCOLLAPSE -DBFS -o pan pan.c && ./pan -w25
*/
#ifndef T
#define T 3               /* instants 1..T; trigger A fires at each, trigger B at the even ones */
#endif
#ifndef SCHEDULERS
#define SCHEDULERS 2
#endif
#ifndef OPS
#define OPS 3             /* changes by operators, in all */
#endif
#ifndef RUNS
#define RUNS 1            /* run-nows (an operator's retry of a finished job is the same) by each of two callers */
#endif
#ifndef RUNNERS
#define RUNNERS 2
#endif
#ifndef OPERATORS
#define OPERATORS 2
#endif
#ifndef STARTS
#define STARTS 0          /* starts by each of two processes; above 0: the schedule has runAtStart */
#endif
#ifndef PERIOD
#define PERIOD 2          /* of runAtStart; that of B */
#endif
#ifndef FIRST
#define FIRST A           /* the definition that the schedule begins with */
#endif
#ifndef LIES
#define LIES 0            /* times that the clocks are wrong */
#endif
#define NONE 0            /* removed */
#define A 1
#define B 2
#define PAUSED 2          /* added to A or B */
#define fires(v, t) (v == A || v == A + PAUSED || ((v == B || v == B + PAUSED) && t % 2 == 0))

/* ---- the database: one schedule (maxInstances 1, overlap skip), its ledger, its jobs ---- */
byte now = 0;
byte decidedUntil = 0; byte revision = 1; byte jobsCreated = 0;
byte def = FIRST;         /* NONE, A, B, A + PAUSED, B + PAUSED */
byte validFrom = 0; byte release = 0;
byte liveJobs = 0;
byte dec[T + 1];          /* ledger: decisions of a fire time */
#if STARTS > 0
byte createdAt = 0;          /* 1 + the instant of the last creation; 0: none yet */
#define CREATED(at) createdAt = at + 1
#else
#define CREATED(at) skip
#endif
byte changes = OPS;
#if LIES > 0
byte firedRows = 0;       /* of the ledger: which fire times fired */
byte aheadOf = 0;         /* of the schedule: those later than decidedUntil that fired */
byte shown = 0;           /* the time that all are shown */
bit lying = 0; byte lies = LIES;
byte times[T + 1];        /* ghost: how often each has fired */
#define SHOWN shown
#define HAS(set, t) ((set >> (t)) & 1)
#ifdef FORGET_FIRED
#define KNOWN_FIRED(t) 0
#else
#define KNOWN_FIRED(t) HAS(sA, t)
#endif
#else
#define SHOWN now
#define KNOWN_FIRED(t) 0
#endif
/* ---- ghosts: they steer nothing ---- */
byte inForce[T + 1];      /* the definition in force at each instant, by the order of the commits */
byte incarnation = 0;     /* how often the id has been created again */

#ifdef CAS_NO_DECIDED
#define SAME_D 1
#else
#define SAME_D (decidedUntil == sD)
#endif
#ifdef CAS_NO_REVISION
#define SAME_R 1
#else
#define SAME_R (revision == sR)
#endif
#ifdef CAS_NO_CREATED
#define SAME_B 1
#else
#define SAME_B (jobsCreated == sB)
#endif
#define UNCHANGED (SAME_D && SAME_R && SAME_B)
#define ACTIVE(v) (v == A || v == B)

inline read() {                                              /* one statement */
  sD = decidedUntil; sR = revision; sB = jobsCreated; sDef = def; sFrom = validFrom; sLive = liveJobs; sNow = SHOWN; sRel = release;
  sInc = incarnation;
#if LIES > 0
  sA = aheadOf
#endif
}
inline forget() { sA = 0; sD = 0; sR = 0; sB = 0; sDef = 0; sFrom = 0; sLive = 0; sNow = 0; sRel = 0; sInc = 0; k = 0; due = 0 }
/* the decision on (sD, sNow] as it was read, written together with the new decidedUntil: the latest fire time
   becomes a job (or `overlapped`), the earlier ones `coalesced`; a paused one's are a range row, `paused` */
inline decide() {
  k = sD + 1; due = 0;
  do
  :: k <= sNow ->
     if
     :: fires(sDef, k) && k > sFrom && !KNOWN_FIRED(k) ->
        dec[k]++;
        assert(dec[k] == 1);                                 /* ONCE */
        assert(inForce[k] == sDef);                          /* DEFINITION */
        due = k
     :: else -> assert(!fires(inForce[k], k) || dec[k] == 1) /* NO-SKIP */
     fi;
     k++
  :: else -> break
  od;
  if
  :: due > 0 && ACTIVE(sDef) && sLive == 0 ->
     liveJobs++; jobsCreated++; CREATED(sNow);
#if LIES > 0
     firedRows = firedRows | (1 << due); times[due]++;
     assert(times[due] == 1);                                /* FIRED-ONCE */
#endif
     assert(liveJobs <= 1);                                  /* ONE-LIVE */
     assert(ACTIVE(def))                                     /* PAUSE */
  :: else
  fi;
  assert(sInc == incarnation);                               /* SAME-SCHEDULE */
#if LIES > 0
  k = 0; do :: k <= sNow -> aheadOf = aheadOf & ~(1 << k); k++ :: else -> break od;
  if :: sNow > sD -> decidedUntil = sNow :: else fi
#else
  assert(sNow >= decidedUntil);                              /* GROWS */
  decidedUntil = sNow
#endif
}
inline enact(v) {                                            /* from sNow on, v is in force */
  def = v;
#ifdef VALIDFROM_AT_WRITE
  validFrom = now;
#else
  if :: sNow > sD -> validFrom = sNow :: else -> validFrom = sD fi;
#endif
  k = validFrom + 1;
  do :: k <= T -> inForce[k] = v; k++ :: else -> break od;
  revision++
}

proctype Scheduler() {
  byte sD, sR, sB, sDef, sFrom, sLive, sNow, sRel, sInc, sA, k, due;
end:
  do
  :: atomic { def != NONE && def <= B && decidedUntil < SHOWN -> read() };
     if
     :: atomic { UNCHANGED -> decide(); forget() }
     :: atomic { !UNCHANGED -> forget() }
     :: atomic { forget() }                                  /* FAULT: it died between the read and the write */
     fi
  od
}

#include "fire-change.pml"

proctype RunNow() {                                          /* refused while a job of the schedule lives */
  byte sB = 0, runs = RUNS;
end:
  do
  :: atomic { runs > 0 && liveJobs == 0 -> runs--; sB = jobsCreated };
     atomic {
       if
#ifdef RUN_NOW_BLIND
       :: true ->
#else
       :: jobsCreated == sB ->
#endif
          liveJobs++; CREATED(now);
          assert(liveJobs <= 1);                             /* ONE-LIVE */
#ifndef RUN_NOW_WITHOUT_CREATED
          jobsCreated++;
#endif
          sB = 0
       :: else -> sB = 0
       fi }
  od
}

#if STARTS > 0
#include "fire-start.pml"
#endif
#if LIES > 0
#include "fire-clock.pml"
#endif

proctype Worker() {
end:
  do :: atomic { liveJobs > 0 -> liveJobs-- } od
}

proctype Clock() {
#if LIES > 0
  byte k = 1;
#ifdef NO_UNDECIDE
#define NOTICED 1
#else
#define NOTICED (lying || !UNDECIDABLE)
#endif
  do :: atomic { now < T && NOTICED -> now++; if :: !lying -> shown = now;
         assert(dec[now] == 0 || HAS(firedRows, now))         /* ON-TIME */
       :: else fi } :: now == T && !lying -> break od;
#else
  do :: atomic { now < T -> now++ } :: now == T -> break od;
#endif
  timeout ->
  assert(!ACTIVE(def) || decidedUntil == T);                 /* NONE-LEFT */
#if LIES > 0
  do
  :: k <= T ->
     assert(!ACTIVE(def) || !fires(inForce[k], k) || dec[k] == 1); /* NONE-LEFT */
     k++
  :: else -> break
  od
#endif
}

init {
  atomic {
    byte i = 1;
    do :: i <= T -> inForce[i] = FIRST; i++ :: else -> break od;
    run Clock(); run Worker(); run Scheduler(); run Scheduler();
#if SCHEDULERS > 2
    run Scheduler();
#endif
#if OPS > 0
    run Operator();
#if OPERATORS > 1
    run Operator();
#endif
#endif
#ifdef DEPLOY
    run Registrar(1, A); run Registrar(2, B); run Registrar(1, A);
#endif
#if STARTS > 0
    run Starter(); run Starter();
#endif
#if LIES > 0
    run Liar();
#ifndef NO_UNDECIDE
    run Undecider();
#endif
#endif
#if RUNS > 0
    run RunNow();
#if RUNNERS > 1
    run RunNow()
#endif
#endif
  }
}
