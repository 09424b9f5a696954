/* solo.pml: how a process becomes idle for a job that has to run alone, and how long that takes (ARCHITECTURE.md, rule 8).

   Modelled: one process with two claimers, of which the first always has a slot and the second has one, and time in ticks. There is always
   another job for each claimer, of any length up to LONGEST. A solo job waits for the second; each claimer takes a step or more in each tick, in any
   order. RIVAL: another process may take the solo job at any time, or its queue is paused: then it waits no more.
   Not modelled: how it became a solo job, and what becomes of it (jobs.pml); more than one solo job; a store that is slow.

   Properties, by the label behind each assert:
     IN-TIME  the solo job waits no longer than WAIT ticks, however busy both claimers are
     FREE     once it is gone, no claimer holds back for it any longer than until its next look
     ALONE    nothing runs beside it

   Run: npm run model -- --only solo. By hand:
     spin <flags> -a solo.pml && gcc -O2 -DSAFETY -DCOLLAPSE -DBFS -o pan pan.c && ./pan -w22
*/
#ifndef LONGEST
#define LONGEST 2
#endif
#define PATIENCE 1        /* an idle process nearby may take it in the meantime */
#define DRAIN 2           /* ticks until a drain is given up as in vain; the next one goes on for longer */
#ifndef WAIT
#define WAIT (PATIENCE + LONGEST)
#endif
#define SL 1              /* the claimer that the solo job is of */
#define NEVER 255

/* ---- the books ---- */
bit waits = 1;
/* ---- the process ---- */
byte left[2];             /* ticks until the job of the claimer ends; 0: none */
bit alone = 0;            /* the solo job runs */
byte seen[2];             /* since when the claimer has seen a solo job; NEVER: it has not */
byte began = NEVER;       /* when the drain began that is on */
byte drain = DRAIN; byte inVain = NEVER; byte old = 0;   /* when the last one began; ticks until what ran at its end has ended */
/* ---- the world ---- */
byte now = 0; bit stepped[2]; byte gone = NEVER;

#define IDLE (left[0] == 0 && left[1] == 0)
#define SEES(l) (seen[l] != NEVER)
#define WAITED(l) (SEES(l) && now >= seen[l] + PATIENCE)
#ifdef ONE_LENGTH
#define GROWN DRAIN
#else
#define GROWN (2 * (now - inVain))
#endif

inline fresh() { began = NEVER; drain = DRAIN; inVain = NEVER; old = 0 }
inline sawNone(l) {
  seen[l] = NEVER;
#ifdef ANY_CLAIMER_CLEARS
  seen[1 - l] = NEVER;
#endif
  if :: !SEES(0) && !SEES(1) -> fresh() :: else fi
}
inline saw(l) { if :: seen[l] == NEVER -> seen[l] = now :: else fi }

/* Whether the process holds back. A drain in vain is followed by the next one when what outlasted it has ended, and not before: jobs that
   never end would else make it idle for nothing, again and again. */
inline judge() {
  if
  :: began != NEVER && now >= began + drain ->
     inVain = began; began = NEVER;
     if :: left[0] > left[1] -> old = left[0] :: else -> old = left[1] fi
  :: else
  fi;
  if
  :: began == NEVER && inVain == NEVER && (WAITED(0) || WAITED(1)) -> began = now
  :: began == NEVER && inVain != NEVER && old == 0 -> drain = GROWN; began = now; inVain = NEVER
  :: else
  fi
}
inline runOther(l, ticks) { if :: left[l] < ticks -> left[l] = ticks :: else fi }
inline claimOther(l) {
  assert(!alone);                                            /* ALONE */
  if :: LONGEST > 2 -> runOther(l, LONGEST) :: true -> runOther(l, 2) :: true -> runOther(l, 1) fi
}
#ifdef ANY_CLAIMER_CLAIMS
#define MAY(l) 1
#else
#define MAY(l) SEES(l)
#endif

#define SLOT(l) (l == 0 || left[l] == 0)
#define HOLDS(l) (began != NEVER && !(IDLE && MAY(l)))

inline step(l) {
  judge();
  if
#ifdef CLAIM_BESIDE
  :: alone && SLOT(l) -> claimOther(l)
#else
  :: alone
#endif
  :: !alone && HOLDS(l) ->
     if
#ifndef BLIND_DRAIN
#ifdef LOOK_WITH_A_SLOT
     :: SEES(l) && SLOT(l) && !(waits && l == SL) -> sawNone(l)
#else
     :: SEES(l) && !(waits && l == SL) -> sawNone(l)         /* looks, and takes nothing */
#endif
#endif
     :: else -> assert(gone == NEVER || now <= gone + 1 || now <= began + 1) /* FREE */
     fi
  :: !alone && !HOLDS(l) && !SLOT(l)
  :: !alone && !HOLDS(l) && SLOT(l) ->
     if
     :: waits && l == SL && IDLE -> waits = 0; alone = 1; fresh(); seen[l] = NEVER
     :: waits && l == SL && !IDLE -> saw(l); claimOther(l)
     :: else -> sawNone(l); claimOther(l)
     fi
  fi;
  stepped[l] = 1
}

#define GOES_ON ((gone == NEVER || now <= gone + 4))

init {
  seen[0] = NEVER; seen[1] = NEVER;
end:
  do
  :: atomic { GOES_ON -> step(0) }
  :: atomic { GOES_ON -> step(1) }
#ifdef RIVAL
  :: atomic { waits -> waits = 0; gone = now }
#endif
  :: atomic { stepped[0] && stepped[1] && !alone ->
       stepped[0] = 0; stepped[1] = 0; now++;
       assert(!waits || now <= WAIT);                        /* IN-TIME */
       if :: left[0] > 0 -> left[0]-- :: else fi;
       if :: left[1] > 0 -> left[1]-- :: else fi;
       if :: old > 0 -> old-- :: else fi }
  od
}
