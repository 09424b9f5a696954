/* owners.pml: who writes a schedule, and what becomes of one that code no longer names (ARCHITECTURE.md, rule 11).

   Modelled: one schedule of one app, which an old deployment (1) declares as A, and a newer one (2) as SAID: B, or not at all. A
   process joins (from then on the books say that it lives, and what it declares), reads, writes by one compare-and-set on the
   revision, registers, and looks again as others come, go and register. It may end or die after each of these, and start again;
   one that has died still lives in the books until the others have seen that. With RELEASES the deployments have numbers; without,
   their order is that in which they were seen first. Another app names the same id. A keeper puts orphans aside. A person pauses once.
   With CALLS calls of the app (schedules.put) put the same id, and a person removes it: who comes next may have it.
   Not modelled: more than one schedule, what is decided of fire times (fire.pml), and the 10 minutes but as QUIET looks in a row.

   Properties, by the label behind each assert:
     OLDER    a lower release never writes over a higher one's definition
     HELD     a process that has seen a newer deployment alive never writes over it
     SETTLED  at the end the books have what the newest deployment that lives declares
     OWNER    an app never writes the schedule of another, nor code that of calls, nor calls that of code
     MARK     the mark of an orphan is not taken by who has seen a newer deployment, and at the end the newest that lives has its say;
              what calls made has none
     EARLY    nothing is put aside that a live process named at one of the last QUIET looks
     ENDED    at the end nothing that a live process names is put aside
     KEPT     what a person has paused stays paused

   Run: npm run model -- --only owners. The runs, what each macro takes out and the counter-examples are in owners-runs.ts. By hand:
     spin <flags> -a owners.pml && gcc -O2 -DSAFETY -DCOLLAPSE -DBFS -o pan pan.c && ./pan -w25
*/
#ifndef SAID
#define SAID 2            /* what the newer deployment declares: 2 is B, 0 that there is no such schedule */
#endif
#ifndef OLD
#define OLD 2             /* starts of the old deployment's process */
#endif
#ifndef NEW
#define NEW 1             /* and of the newer one's */
#endif
#ifndef LEAVES
#define LEAVES 0          /* the deployment whose last process ends as well */
#endif
#ifndef LOOKS
#define LOOKS 0           /* of the keeper, beside those that end what was put aside */
#endif
#ifndef PERSONS
#define PERSONS 0         /* pauses by a person */
#endif
#ifndef CALLS
#define CALLS 0           /* puts by calls of the app; above 0 the schedule begins as that of FIRST */
#endif
#ifndef REMOVALS
#define REMOVALS 0        /* by a person */
#endif
#ifndef FIRST
#define FIRST CODE        /* who has the schedule in the beginning */
#endif
#define CODE 1
#define ANOTHER 2         /* app */
#define CALL 3
#define QUIET 2
#define says(d) (d == 1 -> 1 : SAID)
#define BUMP revision = (revision + 1) % 8 /* more than are read and not written at a time */

/* ---- the books ---- */
byte def = 1; byte writer = 1; byte owner = FIRST; byte revision = 0; bit removed = 0;
byte registered = 1;      /* the deployment that registered last; 0: one that is not through */
byte top = 1;             /* the greatest that ever did */
bit orphan = 0; bit aside = 0; bit paused = 0;
byte alive[3];
byte comings[3];          /* of each deployment's processes: who comes is another one, and not the one that went */
byte quiet = 0;           /* looks in a row at which no live process named it */
/* ---- a ghost: it steers nothing ---- */
bit wasPaused = 0;
byte keeps = FIRST;       /* who has it until it is removed */

#define NAMED (alive[1] > 0 || (alive[2] > 0 && SAID > 0))
#ifdef NO_LIVE_CHECK
#define NEWER_LIVES(d) 0
#else
#define NEWER_LIVES(d) (d == 1 && alive[2] > 0)
#endif
#ifdef RELEASES
#define NEWER_REGISTERED(d) (top > d)
#else
#define NEWER_REGISTERED(d) 0
#endif
#ifdef NO_RELEASE_ORDER
#define OUTRANKED(d) 0
#else
#define OUTRANKED(d) (NEWER_REGISTERED(d) || writer > d)
#endif
#ifdef RELEASES
#define MAY_WRITE(d) (!NEWER_LIVES(d) && !OUTRANKED(d))
#else
#define MAY_WRITE(d) !NEWER_LIVES(d)
#endif
#define IN_FORCE(d) (!NEWER_LIVES(d) && !NEWER_REGISTERED(d))
#define DIFFERS(d) (IN_FORCE(d) && registered != d)

#ifdef LOOK_AT_SETS
#define SEEN(d) (alive[d] > 0)
#else
#define SEEN(d) (alive[d] + 4 * comings[d])
#endif

proctype Process(byte d; byte starts) {
  byte sRev, sLive; bit sForce, sMust, sMay, sNewer;
end:
  do
  :: atomic { starts > 0 -> starts--; alive[d]++; comings[d]++ };
again:
     atomic { sRev = revision; sForce = IN_FORCE(d); sMust = sForce && registered != d; sMay = MAY_WRITE(d); sLive = SEEN(3 - d); sNewer = (d == 1 && alive[2] > 0);
#ifndef NO_BEGIN
       if :: sMust -> registered = 0 :: else fi               /* says before the first write that it is not all */
#endif
     };
     if
     :: atomic { sRev == revision ->
          if
#ifdef CODE_OVER_CALLS
          :: sMay && says(d) > 0 && def != says(d) && (owner == CODE || owner == CALL) ->
#else
          :: sMay && says(d) > 0 && (def != says(d) || owner != CODE) && (owner == CODE || removed) ->
#endif
             assert(removed || keeps == CODE);               /* OWNER */
             owner = CODE; keeps = CODE; removed = 0;
#ifdef RELEASES
             assert(d >= writer);                            /* OLDER */
#endif
             assert(!sNewer);                                /* HELD */
             def = says(d); writer = d; BUMP
          :: else
          fi;
#ifdef END_IN_FORCE_ONLY
          if :: aside && says(d) > 0 && sForce -> aside = 0; BUMP :: else fi;
#else
          if :: aside && says(d) > 0 -> aside = 0; BUMP :: else fi;
#endif
#ifdef ONE_PAUSE
          if :: paused && says(d) > 0 -> paused = 0; BUMP :: else fi;
#endif
          assert(!wasPaused || paused)                       /* KEPT */
        }
     :: atomic { sRev != revision -> goto again }
     :: atomic { starts > 0 -> goto ended }                  /* FAULT: it dies between the read and the write */
     fi;
     if
     :: atomic {
          if
#ifdef MARK_BY_ANY
          :: true ->
#else
          :: sMust && !NEWER_REGISTERED(d) ->
#endif
             assert(!orphan || says(d) == 0 || !(sNewer || NEWER_REGISTERED(d))); /* MARK */
             registered = d;
#ifdef MARK_CALLS
             orphan = (says(d) == 0);
#else
             if :: owner == CODE -> orphan = (says(d) == 0) :: else fi;
#endif
             if :: d > top -> top = d :: else fi
#ifndef NO_SECOND_LOOK
             ; goto again                                    /* an older one may have written between the read and this */
#endif
          :: else
          fi;
          sRev = 0; sForce = 0; sMust = 0; sMay = 0; sNewer = 0 }
     :: atomic { starts > 0 -> goto ended }                  /* FAULT: it dies before it has registered */
     fi;
end_at_rest:
     if
#ifndef NO_LOOK
     :: atomic { DIFFERS(d) || sLive != SEEN(3 - d) -> goto again }
#endif
     :: atomic { starts > 0 || d == LEAVES -> goto ended }
     fi;
ended:
     atomic { alive[d]--; sRev = 0; sForce = 0; sMust = 0; sMay = 0; sNewer = 0; sLive = 0 }
  od
}

proctype Other() {                                           /* a process of another app, which names the same id */
  byte sRev, sOwner;
  atomic { sRev = revision; sOwner = owner };
  atomic {
    if
#ifdef NO_OWNER
    :: sRev == revision ->
#else
    :: sRev == revision && sOwner == ANOTHER ->
#endif
       assert(owner == ANOTHER);                             /* OWNER */
       def = 3; BUMP
    :: else
    fi;
    sRev = 0; sOwner = 0 }
}

#if CALLS > 0
proctype Caller() {                                          /* a call puts the schedule; a lost race is read again */
  byte sRev, sOwner, calls = CALLS; bit sRemoved;
end:
  do
  :: atomic { calls > 0 -> calls--; sRev = revision; sOwner = owner; sRemoved = removed };
     atomic {
       if
#ifdef CALLS_OVER_CODE
       :: sRev == revision ->
#elif defined(CALLS_UNGUARDED)
       :: sOwner == CALL || sRemoved ->
#else
       :: sRev == revision && (sOwner == CALL || sRemoved) ->
#endif
          assert(removed || keeps == CALL);                  /* OWNER */
          owner = CALL; keeps = CALL; removed = 0; def = 3; writer = 1; orphan = 0; aside = 0; BUMP
       :: sRev != revision -> calls++
       :: else
       fi;
       sRev = 0; sOwner = 0; sRemoved = 0 }
  od
}
proctype Remover() {
  byte removals = REMOVALS;
end:
  do :: atomic { removals > 0 && !removed -> removals--; removed = 1; aside = 0; BUMP } od
}
#endif

proctype Keeper() {                                          /* looks, and acts on what it saw */
  byte sRev, looks = LOOKS; bit sNamed;
end:
  do
  :: atomic { looks > 0 -> looks--; sRev = revision; sNamed = NAMED;
       if :: sNamed -> quiet = 0 :: !sNamed && quiet < QUIET -> quiet++ :: else fi };
     atomic {
       if
#ifdef ACT_AT_ONCE
       :: sRev == revision && orphan && !aside && !paused && !sNamed ->
#elif defined(ACT_ON_THE_MARK)
       :: sRev == revision && orphan && !aside && !paused ->
#else
       :: sRev == revision && orphan && !aside && !paused && quiet == QUIET ->
#endif
          assert(!sNamed && quiet == QUIET);                 /* EARLY */
          aside = 1; BUMP
       :: else
       fi;
       sRev = 0; sNamed = 0 }
#ifndef NO_BRINGING_BACK
  :: atomic { aside && NAMED -> aside = 0; BUMP }
#endif
  od
}

proctype Person() {
end:
  atomic { orphan || LOOKS == 0 -> paused = 1; aside = 0; wasPaused = 1; BUMP }
}

#define NEWEST (alive[2] > 0 -> 2 : 1)
init {
  atomic {
    run Process(1, OLD); run Process(2, NEW); run Other();
#if CALLS > 0
    run Caller(); run Remover();
#endif
#if LOOKS > 0
    run Keeper();
#endif
#if PERSONS > 0
    run Person();
#endif
  }
  timeout ->
#ifdef RELEASES
  assert(top < 2 || SAID == 0 || def == 2);                  /* SETTLED */
  assert(top < 2 || orphan == (SAID == 0));                  /* MARK */
#else
  assert(owner != CODE || removed || says(NEWEST) == 0 || def == says(NEWEST)); /* SETTLED */
  assert(owner != CODE || removed || orphan == (says(NEWEST) == 0)); /* MARK */
#endif
  assert(owner != CALL || !orphan);                          /* MARK */
  assert(!(aside && NAMED))                                  /* ENDED */
}
