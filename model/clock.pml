/* clock.pml: when a wall clock that jumped is believed (ARCHITECTURE.md, rule 21).

   Modelled: one process that looks at the clocks, with at most GAP ticks between two looks, real time in ticks, a monotonic clock that
   counts them, and a wall clock that is `off` from it by 0, 1 or 2 and jumps JUMPS times, there and back, whenever it likes. The process
   believes one offset; another one is held until it was seen, and seen again, HOLD ticks later, and no other in between.
   Not modelled: clocks of different rates, and steps below the tolerance, which are believed at once; several processes.

   Properties, by the label behind each assert:
     SHORT   what is believed anew has been so for HOLD ticks without a change
     HEARD   what has been so for HOLD ticks and two looks is believed

   SHORT needs a process that sees every change: one that returns between two looks is seen by none. With GAP above 1 it is checked with
   one jump only.
   Run: npm run model -- --only clock. By hand:
     spin <flags> -a clock.pml && gcc -O2 -DSAFETY -DCOLLAPSE -DBFS -o pan pan.c && ./pan -w20
*/
#ifndef LAST
#define LAST 16           /* real time stops here */
#endif
#ifndef JUMPS
#define JUMPS 3
#endif
#ifndef GAP
#define GAP 1
#endif
#define HOLD 3

/* ---- the world ---- */
byte now = 0; byte off = 0; byte jumps = JUMPS;
byte jumpedAt = 0;        /* ghost: since when it has been as it is */
byte lookedAt = 0;
/* ---- the process ---- */
byte believed = 0;
byte held = 0; byte heldSince = 0; bit holds = 0;

inline believe() {
  assert(now >= jumpedAt + HOLD);                            /* SHORT */
  believed = off; holds = 0; held = 0; heldSince = 0
}
inline look() {
  lookedAt = now;
  if
  :: off == believed ->
#ifdef RETURN_KEEPS_HELD
     skip
#else
     holds = 0; held = 0; heldSince = 0
#endif
#ifdef NO_HOLD
  :: off != believed -> believe()
#else
#ifdef ANY_JUMP_COUNTS
  :: off != believed && holds && now >= heldSince + HOLD -> believe()
  :: off != believed && holds && now < heldSince + HOLD -> skip
  :: off != believed && !holds -> holds = 1; held = off; heldSince = now
#else
  :: off != believed && holds && held == off && now >= heldSince + HOLD -> believe()
  :: off != believed && holds && held == off && now < heldSince + HOLD -> skip
  :: off != believed && !(holds && held == off) -> holds = 1; held = off; heldSince = now
#endif
#endif
  fi;
  assert(off == believed || now < jumpedAt + HOLD + 2 * GAP) /* HEARD */
}

proctype Process() {
end:
  do :: atomic { lookedAt < now -> look() } od
}

proctype World() {
  do
  :: atomic { now < LAST && now - lookedAt < GAP -> now++ }
  /* At most one jump between two looks, right after the first. */
  :: atomic { jumps > 0 && lookedAt == now && jumpedAt < now -> jumps--; jumpedAt = now;
       if :: off != 0 -> off = 0 :: off != 1 -> off = 1 :: off != 2 -> off = 2 fi }
  :: now == LAST -> break
  od
}

init { atomic { run World(); run Process() } }
