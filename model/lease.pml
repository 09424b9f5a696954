/* lease.pml: why a ledger, and not a leader (docs/decisions/0001-ledger-not-leader.md).

   Modelled: N processes that want to lead, a lease with a term that grows, a lease that may be lost at any step (EXPIRIES times)
   without its holder knowing, and a leader that fires SLOTS fire times one after the other with any pause before each. Every
   process leads ROUNDS times at most. A fire is one transaction: the check of the term, the ledger's row, the effect.
   Not modelled: how a lease is lost (jobs.pml does that), what becomes of the job.

   Properties, by the label behind each assert:
     ONCE  a fire time has one effect
     TERM  no effect under a term that has ended (with -DCHECK_TERM)
     GROWS terms only grow

   NO_LEDGER takes out UNIQUE (schedule_id, fire_at); NO_FENCE takes out the check of the term in the transaction.
   Run: npm run model -- --only lease. By hand:
     spin <flags> -a lease.pml && gcc -O2 -DSAFETY -DCOLLAPSE -o pan pan.c && ./pan -m200000
*/
#define N 3
#define SLOTS 2
#define ROUNDS 2
#define EXPIRIES 3
#define NOBODY 255

#ifdef NO_FENCE
#define FENCED 1
#else
#define FENCED (my == term && holder == me)
#endif
#ifdef NO_LEDGER
#define UNDECIDED 1
#else
#define UNDECIDED (effects[slot] == 0)
#endif

byte holder = NOBODY; byte term = 0;
byte effects[SLOTS];
byte lost = 0;
byte highest = 0;         /* a ghost: it steers nothing */

proctype Process(byte me) {
  byte my = 0, slot = 0, rounds = 0;
end:
  do
  :: atomic { my == 0 && holder == NOBODY && rounds < ROUNDS ->
       holder = me; term++; my = term; rounds++;
       assert(term > highest);                               /* GROWS */
       highest = term }
  :: atomic { my != 0 && slot < SLOTS ->                     /* after any pause: it may have lost its lease long ago */
       if
       :: FENCED && UNDECIDED ->
          effects[slot]++;
          assert(effects[slot] <= 1);                        /* ONCE */
#ifdef CHECK_TERM
          assert(my == term && holder == me);                /* TERM */
#endif
       :: else
       fi;
       slot++ }
  :: atomic { my != 0 && slot == SLOTS ->                    /* resigns, if there is anything to resign from */
       if :: holder == me && my == term -> holder = NOBODY :: else fi;
       my = 0; slot = 0 }
  od
}

proctype Expiry() {
end:
  do :: atomic { holder != NOBODY && lost < EXPIRIES -> holder = NOBODY; lost++ } od
}

init {
  atomic {
    byte i = 0;
    do :: i < N -> run Process(i); i++ :: else -> break od;
    run Expiry()
  }
}
