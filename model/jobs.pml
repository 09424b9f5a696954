/* jobs.pml: claim, attempt, settle, give-back, rescue, cancel, retry (ARCHITECTURE.md, rules 6 to 10, 13, 14 and 17).

   Modelled: two processes, each with a node identity that dies and comes back new; one or two jobs; attempts that go on
   whatever became of their job, lease or identity (a zombie is an attempt that takes no step for a while); the database as
   atomic steps. Up to B faults at any step: no renewal for a TTL, the answer of a claim, of a start or of a settle lost (settle and
   start are sent again), crash (a settle on the wire may still arrive), graceful give-back, a handler that never ends
   after its lease was lost. OPS cancels and OPS operator's retries. At some moment faults end; when nothing can move any
   more, every job must be finished (runs are finite: this stands for liveness).
   Not modelled: time, retention, unique keys, batches in settle, the grace of rule 13 (a new identity may claim at once), TTL
   arithmetic. LONE = 2 and MA = 2 stand for larger numbers.

   Properties, by the label behind each assert:
     ONE-END         a job is finished once, until an operator retries it
     FAIR-DISCARD    discarded only after maxAttempts real failures, as poison, or because it is at-most-once
     NO-STALE        no write of an attempt that is not the current one
     ONE-EFFECT      the effect of `transaction` is written once
     CHARGED         never more than maxAttempts charged
     CANCELLED-STAYS what an operator cancelled is not claimed
     SOLO            never two handlers of one job under two live leases
     AT-MOST-ONCE    the handler of an at-most-once job is entered once at most
     NONE-LOST       when faults have ended, every job comes to its end
     INNOCENT        (with CHECK_INNOCENT) a job counted as having died alone had no other handler beside it
     ANSWER          (with CHECK_ANSWERS) a settle that was written is never answered `stale`: too strong, and kept to show it
     BOUND           a bound of the model itself: enough identities

   The parts: jobs-attempt.pml (what a handler's process does), jobs-node.pml (claim, renewal, crash), jobs-rescue.pml.
   Run: npm run model -- --only jobs. The runs, what each macro takes out and the counter-examples are in jobs-runs.ts. By hand:
     spin <flags> -a jobs.pml && gcc -O2 -DSAFETY -DCOLLAPSE -DVECTORSZ=2048 -o pan pan.c && ./pan -m400000 -w26
   and for the shortest counter-example: gcc with -DBFS too, ./pan, then spin <flags> -t -p jobs.pml
*/
#ifndef JOBS
#define JOBS 2
#endif
#ifndef AMOJ
#define AMOJ 1            /* which job is at-most-once; 9: none */
#endif
#ifndef B
#define B 2               /* faults that may strike in one run */
#endif
#ifndef OPS
#define OPS 1             /* operator's cancels, and operator's retries, at most */
#endif
#ifndef MA
#define MA 2              /* maxAttempts */
#endif
#ifndef LONE
#define LONE 2            /* deaths alone until a job is poison (rule 8: three; two keep the space small) */
#endif
#define P 2               /* processes */
#define S 4               /* attempts alive at once, zombies included */
#define I 7               /* identities */
#define NIL 15

/* job states */
#define AVAIL 0
#define RUN   1
#define RETRY 2
#define DONE  3
#define CANC  4
#define DISC  5
#define terminal(j) (st[j] >= DONE)
#define amo(j) (j == AMOJ)

/* phases of an attempt, seen from the process that runs it */
#define FREE 0
#define SENT 1            /* claim committed, its answer still under way */
#define HELD 2            /* answer read, handler not entered */
#define STARTED 3         /* at-most-once: start committed and acknowledged */
#define RUNS 4            /* handler runs */
#define SOK 5             /* handler ended well, settle to be sent (or sent again) */
#define SFAIL 6
#define COK 7             /* SETTLE_SUBSELECT: the check has passed, the write has not happened */
#define CFAIL 8
#define ABORTED 9         /* graceful stop: handler has ended, give-back to be sent */
#define HUNG 10           /* handler of a lost identity that never ends */

/* ---- the database ---- */
byte st[JOBS]; byte fence[JOBS]; byte node[JOBS]; byte att[JOBS]; byte resc[JOBS]; byte lone[JOBS]; byte outc[JOBS];
bit started[JOBS]; bit creq[JOBS];
byte fenceSeq = 0;
bit live[I]; byte seen[I];
/* ---- the processes ---- */
byte me[P]; byte nextId = P; bit gone[I];     /* gone: crashed or replaced: raises its counter no more */
byte ph[S]; byte aj[S]; byte ap[S]; byte aid[S]; byte af[S];
bit solo[S];
byte budget = B;
#ifdef CRASH_ONLY
#define MAY 0
#else
#define MAY (budget > 0)
#endif
/* ---- ghosts: they steer nothing ---- */
byte cur[JOBS];           /* the one attempt that may write */
byte terms[JOBS];         /* terminal transitions since creation or the operator's retry */
byte eff[JOBS];           /* transactional effects of this generation */
byte fails[JOBS];         /* attempts that really failed */
byte entered[JOBS]; byte gen[JOBS]; byte ag[S];
bit wrote[S]; bit company[JOBS];

#if defined(GUARD_WITHOUT_STATE)
#define GUARD(s) (fence[aj[s]] == af[s])
#elif defined(GUARD_WITHOUT_FENCE)
#define GUARD(s) (st[aj[s]] == RUN)
#else
#define GUARD(s) (st[aj[s]] == RUN && fence[aj[s]] == af[s])
#endif
#define CURRENT(s) (cur[aj[s]] == s && st[aj[s]] == RUN)

#include "jobs-attempt.pml"
#include "jobs-node.pml"
#include "jobs-rescue.pml"

proctype Operator() {
  byte cancels = OPS; byte retries = OPS;
end:
  do
  :: atomic { cancels > 0 && !terminal(0) ->
       cancels--;
       if
#ifdef CANCEL_AT_ONCE
       :: finish(0, CANC)
#else
       :: st[0] == RUN -> creq[0] = 1
       :: else -> finish(0, CANC)
#endif
       fi }
  :: atomic { retries > 0 && terminal(0) ->
       retries--; st[0] = AVAIL; att[0] = 0; resc[0] = 0; lone[0] = 0; creq[0] = 0; started[0] = 0;
       terms[0] = 0; eff[0] = 0; fails[0] = 0; entered[0] = 0; gen[0]++ }
  od
}

#if JOBS > 1
#define ALLENDED (terminal(0) && terminal(1))
#else
#define ALLENDED terminal(0)
#endif
proctype Calm() {                                            /* at some moment faults end; then everything must come to its end */
  atomic { budget = 0 };
  timeout -> assert(ALLENDED)                                /* NONE-LOST */
}

init {
  atomic {
    byte k = 0;
    do :: k < JOBS -> cur[k] = NIL; k++ :: else -> break od;
    me[0] = 0; me[1] = 1; live[0] = 1; live[1] = 1;
    run Node(0); run Node(1); run Attempt(0); run Attempt(1); run Attempt(2); run Attempt(3);
    run Rescuer();
#if OPS > 0
    run Operator();
#endif
    run Calm()
  }
}
