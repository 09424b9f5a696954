/* fire-change.pml: changes of the schedule, a part of fire.pml (rules 2 and 11): by operators, and by processes that register what
   their code declares. Each decides what is due until the instant that it has read, and takes effect there. */
#define PAUSE 1
#define RESUME 2
#define EDIT 3
#define REMOVE 4
#define CREATE 5
proctype Operator() {
  byte sD, sR, sB, sDef, sFrom, sLive, sNow, sRel, sInc, sA, k, what, due;
end:
  do
  :: atomic { changes > 0 -> changes--; read();
       if
       :: ACTIVE(sDef) -> if :: what = PAUSE :: what = EDIT :: what = REMOVE fi
       :: sDef > B -> if :: what = RESUME :: what = EDIT :: what = REMOVE fi
       :: sDef == NONE -> what = CREATE
       fi };
     if
     :: atomic { UNCHANGED ->
          if
#ifdef EDIT_WITHOUT_DECIDING
          :: what == EDIT -> skip
#endif
#ifdef EDIT_OF_PAUSED_WITHOUT_RANGE
          :: what == EDIT && sDef > B -> skip
#endif
#ifdef PAUSE_WITHOUT_DECIDING
          :: what == PAUSE -> skip
#endif
#ifdef RESUME_WITHOUT_RANGE
          :: what == RESUME -> skip
#endif
          :: what == CREATE ->                               /* revives the tombstone: decidedUntil only grows */
#ifdef NO_TOMBSTONE
             decidedUntil = 0; revision = 0; jobsCreated = 0
#elif defined(TOMBSTONE_WITHOUT_REVISION)
             if :: sNow > decidedUntil -> decidedUntil = sNow :: else fi; revision = 0; jobsCreated = 0
#else
             if :: sNow > decidedUntil -> decidedUntil = sNow :: else fi
#endif
          :: else -> decide()
          fi;
          if
          :: what == PAUSE -> enact(sDef + PAUSED)
          :: what == RESUME -> enact(sDef - PAUSED)
          :: what == EDIT -> if :: sDef == A || sDef == A + PAUSED -> enact(sDef + 1) :: else -> enact(sDef - 1) fi
          :: what == REMOVE -> enact(NONE)
          :: what == CREATE -> enact(B); incarnation++
          fi;
          forget(); what = 0 }
     :: atomic { !UNCHANGED -> forget(); what = 0 }
     fi
  od
}

/* registration at the start of a process: release r declares definition v; unchanged: nothing is written */
proctype Registrar(byte r; byte v) {
  byte sD, sR, sB, sDef, sFrom, sLive, sNow, sRel, sInc, sA, k, due;
again:
  atomic { read() };
  if
#ifdef NO_RELEASE
  :: atomic { ACTIVE(sDef) && sDef != v ->
#else
  :: atomic { ACTIVE(sDef) && r > sRel ->
#endif
       if
       :: UNCHANGED ->
          assert(r > release);                               /* RELEASE */
          decide(); release = r;
          if :: sDef != v -> enact(v) :: else -> revision++ fi; forget()
       :: else -> forget(); goto again
       fi }
  :: else -> atomic { forget() }
  fi
}
