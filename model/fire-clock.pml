/* fire-clock.pml: clocks that lie, and undeciding (rule 1), a part of fire.pml. All who read the time are shown the same wrong one, ahead
   or behind, for as long as it likes: the worst case, since a lie that is over before it was believed changes nothing (clock.pml).
   Once the time shown is earlier than what was decided, one compare-and-set takes back the decisions beyond it that bore no job;
   fire times beyond it that fired are kept in mind, and are not decided again. That this is noticed takes less than an instant.

   `firedRows` and `aheadOf` are sets of fire times, a bit each. */


proctype Liar() {
  do
  :: atomic { lies > 0 -> lies--;
       if :: now > 0 -> shown = 0 :: now < T -> shown = T :: now + 1 < T -> shown = now + 1 fi;
       lying = 1 };
     atomic { lying -> lying = 0; shown = now }
  :: lies == 0 -> break
  od
}

#define UNDECIDABLE (shown < decidedUntil)
proctype Undecider() {
  byte sD, sR, sB, sDef, sFrom, sLive, sNow, sRel, sInc, sA, k, sLedger, sFired; bit due;
end:
  do
  :: atomic { UNDECIDABLE -> read(); sLedger = 0; sFired = firedRows;
       k = sNow + 1; do :: k <= T -> if :: dec[k] > 0 -> sLedger = sLedger | (1 << k) :: else fi; k++ :: else -> break od };
     if
#ifdef UNDECIDE_BLIND
     :: atomic { true ->
#else
     :: atomic { UNCHANGED ->
#endif
          aheadOf = 0; k = sNow + 1;
          do
          :: k <= T ->
             if
#ifdef UNDECIDE_FIRED
             :: HAS(sLedger, k) -> dec[k] = 0; firedRows = firedRows & ~(1 << k)
#else
             :: HAS(sLedger, k) && !HAS(sFired, k) -> dec[k] = 0
             :: HAS(sLedger, k) && HAS(sFired, k) -> aheadOf = aheadOf | (1 << k)
#endif
             :: else
             fi;
             k++
          :: else -> break
          od;
#ifndef UNDECIDE_WITHOUT_REVISION
          revision++;
#endif
          assert(revision > sR);                             /* GROWS */
          decidedUntil = sNow;
#ifndef UNDECIDE_KEEPS_VALIDFROM
          if :: sFrom > sNow -> validFrom = sNow :: else fi;
#endif
          k = sNow + 1;
          do :: k <= T -> inForce[k] = sDef; k++ :: else -> break od;
          forget(); sLedger = 0; sFired = 0 }
#ifndef UNDECIDE_BLIND
     :: atomic { !UNCHANGED -> forget(); sLedger = 0; sFired = 0 }
#endif
     :: atomic { forget(); sLedger = 0; sFired = 0 }         /* FAULT: it died between the read and the write */
     fi
  od
}
