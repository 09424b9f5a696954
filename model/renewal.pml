/* renewal.pml: whose lease is lost, and when (ARCHITECTURE.md, rule 6).

   Modelled: one node that raises its counter every RENEW ticks, one observer that reads it, real time in ticks, and monotonic clocks
   that run alike. A renewal begins, is committed at any later time, and its answer comes at any later time or never; the
   observer asks, the store answers, and the answer comes, each at any later time; it writes at any time; the store is out of
   reach OUTAGES times, for as long as it likes. The node trusts its lease for a TTL from the beginning of its last renewal
   whose answer it has read.
   Not modelled: clocks of different rates (a TTL is three renewals, and drift is parts in a thousand), SQLite's boot id, what is
   done with the jobs of a lost lease (jobs.pml).

   Properties, by the label behind each assert:
     SELF-FIRST  a node has given up its lease by itself before an observer takes it
     OUTAGE      (with -DPROMPT: the node renews at once whenever it can) an outage of the store costs nobody its lease

   Run: npm run model -- --only renewal. By hand:
     spin <flags> -a renewal.pml && gcc -O2 -DSAFETY -DCOLLAPSE -DBFS -o pan pan.c && ./pan -w22
*/
#ifndef LAST
#define LAST 9            /* the clock stops here */
#endif
#ifndef OUTAGES
#define OUTAGES 2
#endif
#define RENEW 1
#define TTL 3
#define SKEW 2            /* WALL_CLOCK: how far the observer's wall clock is ahead */

/* ---- the database ---- */
byte counter = 0; byte expiresAt = TTL; bit lost = 0;
/* ---- the world ---- */
byte now = 0; bit up = 1; byte outages = OUTAGES;
byte renewedAt = 0;       /* when the counter last rose */
/* ---- the node ---- */
byte trustedUntil = TTL;

#ifdef PROMPT
#define OVERDUE (!lost && now >= renewedAt + RENEW)
#else
#define OVERDUE 0
#endif

proctype Node() {
  byte began = 0;
end:
  do
  :: atomic { !lost && now >= began + RENEW -> began = now };
     if
     :: atomic { up && !lost -> counter++; renewedAt = now; expiresAt = began + TTL };
        if
#ifdef TRUST_FROM_ANSWER
        :: atomic { true -> trustedUntil = now + TTL }
#else
        :: atomic { true -> trustedUntil = began + TTL }
#endif
        :: true                                              /* FAULT: the answer is lost */
        fi
     :: lost -> break
     fi
  od
}

#ifdef GAPS_UNCAPPED
#define COUNTS(gap) 1
#else
#define COUNTS(gap) (gap <= 2 * RENEW)                       /* a longer gap says that the observer was away, not the node */
#endif
#ifdef WALL_CLOCK
#define EXPIRED (now + SKEW >= expiresAt)
#else
#define EXPIRED (still >= TTL)
#endif
#ifdef LOST_UNGUARDED
#define SAME_COUNTER 1
#else
#define SAME_COUNTER (counter == seen)
#endif

#ifdef COUNT_FROM_ASKED
#define SEEN_AT asked
#else
#define SEEN_AT now                                          /* the first read may have seen a renewal at its very end */
#endif

proctype Observer() {
  byte seen = 0, got = 0, still = 0, asked = 0, readAt = 0; bit expired = 0;
end:
  do
  :: atomic { up && !lost && now > readAt -> asked = now };
     atomic { up -> got = counter };
     atomic {
       if
       :: got != seen -> seen = got; still = 0; readAt = SEEN_AT
       :: else -> if :: COUNTS(asked - readAt) -> still = still + asked - readAt :: else fi; readAt = asked
       fi;
       got = 0; asked = 0; expired = EXPIRED };
     if
     :: !expired
     :: atomic { up && expired ->
          if
          :: SAME_COUNTER ->
             lost = 1;
             assert(now >= trustedUntil);                    /* SELF-FIRST */
#ifdef PROMPT
             assert(!lost)                                   /* OUTAGE */
#endif
          :: else
          fi;
          expired = 0; still = 0 }
     fi
  od
}

proctype Store() {
end:
  do
  :: atomic { up && outages > 0 && !OVERDUE -> up = 0; outages-- }
  :: atomic { !up -> up = 1 }
  od
}

proctype Clock() {
  do
  :: atomic { now < LAST && !(up && OVERDUE) -> now++ }
  :: now == LAST -> break
  od
}

init {
  atomic { run Clock(); run Store(); run Node(); run Observer() }
}
