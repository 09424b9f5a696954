/* jobs-attempt.pml: settle, give-back and the attempt itself, a part of jobs.pml. An attempt goes on whatever has become of its
   job, its lease or its identity. */
inline finish(j, how) {
  st[j] = how; cur[j] = NIL; terms[j]++;
  assert(terms[j] <= 1);                                     /* ONE-END */
  assert(how != DISC || fails[j] >= MA || lone[j] >= LONE || amo(j)) /* FAIR-DISCARD */
}
inline release(j) {                                          /* back to be claimed, or cancelled if that was asked */
  if :: creq[j] -> finish(j, CANC) :: else -> st[j] = AVAIL; cur[j] = NIL fi
}
inline charge(j) {
  att[j]++;
  if :: att[j] >= MA -> finish(j, DISC) :: else -> release(j) fi
}
inline giveback(j) {
  if
#ifndef AMO_GIVEBACK
  :: amo(j) && started[j] -> finish(j, DISC)                 /* as lost: it can't be taken back */
#endif
  :: else ->
#ifdef CHARGE_ON_GIVEBACK
    charge(j)
#else
    release(j)
#endif
  fi
}
inline handback(s) {                                         /* an attempt's own give-back, guarded as each of its writes is */
  if
  :: GUARD(s) ->
     assert(CURRENT(s));                                     /* NO-STALE */
     giveback(aj[s])
  :: else
  fi
}
inline apply(s, ok) {                                        /* the settle's write; with ok the transaction's effect */
  assert(CURRENT(s));                                        /* NO-STALE */
  wrote[s] = 1; outc[aj[s]] = 1 + ok;
  if
  :: ok -> eff[aj[s]]++; assert(eff[aj[s]] <= 1); finish(aj[s], DONE)  /* ONE-EFFECT */
  :: else ->
    fails[aj[s]]++; att[aj[s]]++;
    assert(att[aj[s]] <= MA);                                /* CHARGED */
    if
    :: creq[aj[s]] -> finish(aj[s], CANC)
#ifndef AMO_RETRY
    :: !creq[aj[s]] && amo(aj[s]) -> finish(aj[s], DISC)
    :: !creq[aj[s]] && !amo(aj[s]) && att[aj[s]] >= MA -> finish(aj[s], DISC)
    :: !creq[aj[s]] && !amo(aj[s]) && att[aj[s]] < MA -> st[aj[s]] = RETRY; cur[aj[s]] = NIL
#else
    :: !creq[aj[s]] && att[aj[s]] >= MA -> finish(aj[s], DISC)
    :: !creq[aj[s]] && att[aj[s]] < MA -> st[aj[s]] = RETRY; cur[aj[s]] = NIL
#endif
    fi
  fi
}
inline again(s, ok) {                                        /* the settle found no row of its own: accepted before, or stale */
#ifdef CHECK_ANSWERS
  assert(!wrote[s] || (fence[aj[s]] == af[s] && outc[aj[s]] == 1 + ok)); /* ANSWER */
#endif
#ifdef TX_ON_ACCEPTED
  if
  :: ok && fence[aj[s]] == af[s] && outc[aj[s]] == 1 + ok -> eff[aj[s]]++; assert(eff[aj[s]] <= 1) /* ONE-EFFECT */
  :: else
  fi
#endif
  skip
}
inline free(s) { ph[s] = FREE; aj[s] = 0; ap[s] = 0; aid[s] = 0; af[s] = 0; ag[s] = 0; wrote[s] = 0; solo[s] = 0 }

/* the handlers of one job run at the same time only if a lease was lost */
#define BESIDE(t, s) (t != s && aj[t] == aj[s] && (ph[t] == RUNS || ph[t] == HUNG) && live[aid[t]])
inline enter(s) {
  ph[s] = RUNS;
#ifndef NO_SOLO
  assert(!(live[aid[s]] && (BESIDE(0, s) || BESIDE(1, s) || BESIDE(2, s) || BESIDE(3, s)))); /* SOLO */
#endif
  if
  :: amo(aj[s]) && ag[s] == gen[aj[s]] -> entered[aj[s]]++; assert(entered[aj[s]] <= 1) /* AT-MOST-ONCE */
  :: else
  fi
}

/* ---- an attempt: goes on whatever has become of its job, its lease, its identity (a paused process is an
        attempt that takes no step for a while) ---- */
proctype Attempt(byte s) {
end:
  do
  :: atomic { ph[s] == SENT -> ph[s] = HELD }
  :: atomic { ph[s] == SENT && MAY -> budget--; free(s) }            /* FAULT the claim's answer is lost */
  :: atomic { ph[s] == HELD && !amo(aj[s]) -> enter(s) }
#ifdef AMO_START_LATE
  :: atomic { ph[s] == HELD && amo(aj[s]) && !wrote[s] -> enter(s) }
  :: atomic { ph[s] == RUNS && amo(aj[s]) && GUARD(s) && !started[aj[s]] -> started[aj[s]] = 1 }
#else
  :: atomic { ph[s] == HELD && amo(aj[s]) ->                                 /* the start, committed before the handler */
       if
       :: GUARD(s) ->
          assert(CURRENT(s));                                /* NO-STALE */
          started[aj[s]] = 1;
          if :: ph[s] = STARTED
             :: MAY -> budget--                                       /* FAULT its answer is lost: sent again */
          fi
       :: else -> free(s)
       fi }
  :: atomic { ph[s] == STARTED -> enter(s) }
#endif
  :: atomic { ph[s] == RUNS && GUARD(s) && !CURRENT(s) -> assert(false) }    /* NO-STALE: a step would be written */
  :: atomic { ph[s] == RUNS -> ph[s] = SOK }
  :: atomic { ph[s] == RUNS -> ph[s] = SFAIL }
#ifndef REVIVE_NODE          /* (a handler hung under a live identity is a time-out's business, not modelled) */
  :: atomic { ph[s] == RUNS && !live[aid[s]] && MAY -> budget--; ph[s] = HUNG } /* FAULT it never ends */
#endif
#ifdef SETTLE_SUBSELECT
  :: atomic { ph[s] == SOK -> if :: GUARD(s) -> ph[s] = COK :: else -> free(s) fi }
  :: atomic { ph[s] == SFAIL -> if :: GUARD(s) -> ph[s] = CFAIL :: else -> free(s) fi }
  :: atomic { ph[s] == COK -> apply(s, 1); free(s) }
  :: atomic { ph[s] == CFAIL -> apply(s, 0); free(s) }
#else
  :: atomic { ph[s] == SOK ->
       if :: GUARD(s) -> apply(s, 1) :: else -> again(s, 1) fi;
       if :: free(s) :: MAY -> budget-- fi }                          /* FAULT its answer is lost: sent again */
  :: atomic { ph[s] == SFAIL ->
       if :: GUARD(s) -> apply(s, 0) :: else -> again(s, 0) fi;
       if :: free(s) :: MAY -> budget-- fi }
#endif
  /* graceful stop: what never began, and what has ended, is given back; (the process goes on: another comes) */
  :: atomic { (ph[s] == HELD || ph[s] == STARTED) && MAY -> budget--; ph[s] = ABORTED }
#ifdef GIVEBACK_WHILE_RUNNING
  :: atomic { ph[s] == RUNS && MAY -> budget--; handback(s) }
#else
  :: atomic { ph[s] == RUNS && MAY -> budget--; ph[s] = ABORTED }
#endif
#ifdef GIVEBACK_AFTER_LEAVING  /* the process ends with a handler that ignores its signal: its node has left before */
  :: atomic { ph[s] == RUNS && !live[aid[s]] && MAY -> budget--; handback(s) }
#endif
  :: atomic { ph[s] == ABORTED ->
       handback(s); free(s) }
  od
}
