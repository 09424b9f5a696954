import { afterEach, describe, expect, test } from 'vitest'
import type { SeatState } from '../../src/store/seats.ts'
import { newJob } from '../conformance/fixtures.ts'
import { failing } from '../runtime/lab.ts'
import type { Contender } from './contender.ts'

/** What a back end brings so that the suite can try it. */
export interface SeatHarness {
  /** For people. */
  readonly name: string
  /** Books of their own, and whatever the back end needs beside them. */
  open(): Promise<SeatSetting>
}

export interface SeatSetting {
  /** One process more, with a connection of its own to the books. */
  contender(name: string): Contender
  readonly ttlMs: number
  /** Lets time pass, for everybody. */
  pass(ms: number): Promise<void>
  /** What decides who holds the seat loses its memory, or is lost. Undefined: it is the books, and then all is lost. */
  readonly forget: (() => Promise<void>) | undefined
  readonly log: readonly string[]
  close(): Promise<void>
}

/** Every promise about seats, tried on one back end. */
export function testSeats(harness: SeatHarness): void {
  describe(`seats by ${harness.name}`, () => {
    let setting: SeatSetting | undefined
    afterEach(async () => {
      await setting?.close()
      setting = undefined
    })
    const add = (name: string, body: (setting: SeatSetting) => Promise<void>): void =>
      test(name, async () => {
        setting = await harness.open()
        await body(setting)
        expectOneAtATime(setting.log)
      })
    testElection(add)
    testHandOver(add)
    testTerms(add)
    testForgetting(add)
    testBooksThatFail(add)
  })
}

type Add = (name: string, body: (setting: SeatSetting) => Promise<void>) => void

/** Nobody is elected to a seat before the one who held it was deposed, or died. */
function expectOneAtATime(log: readonly string[]): void {
  const holders = new Map<string, string>()
  for (const line of log) {
    const [, seat = '', name = '', what = ''] = /^([^:]+): (\S+) (\S+)$/.exec(line) ?? []
    if (what === 'elected') {
      expect(holders.get(seat), log.join('\n')).toBe(undefined)
      holders.set(seat, name)
    } else if (holders.get(seat) === name) holders.delete(seat)
  }
}

/** Steps them, each when it is due, until one holds the seat. */
async function elected(setting: SeatSetting, contenders: readonly Contender[]): Promise<Contender> {
  for (;;) {
    const restsMs: number[] = []
    for (const contender of contenders) {
      restsMs.push(await contender.step())
      if (contender.isHeld) return contender
    }
    await setting.pass(Math.min(...restsMs))
  }
}

/** Steps them, each when it is due, for so long. */
async function goOn(setting: SeatSetting, contenders: readonly Contender[], forMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < forMs;) {
    const restsMs = await Promise.all(contenders.map(contender => contender.step()))
    const restMs = Math.max(10, Math.min(...restsMs))
    passedMs += restMs
    await setting.pass(restMs)
  }
}

const readSeat = async (contender: Contender): Promise<SeatState | undefined> =>
  (await contender.store.listSeats()).find(({ seat }) => seat === 'primary')

function testElection(add: Add): void {
  add('of many that contend at once one is elected', async setting => {
    const contenders = ['ada', 'bob', 'cyd', 'dan'].map(name => setting.contender(name))
    const first = await elected(setting, contenders)
    await Promise.all(contenders.map(contender => contender.step()))
    expect(contenders.filter(({ isHeld }) => isHeld)).toEqual([first])
    expect((await readSeat(first))?.holder?.id).toBe(first.name)
  })

  add('of many whose steps interleave one is elected', async setting => {
    const contenders = ['ada', 'bob', 'cyd', 'dan'].map(name => setting.contender(name))
    for (let turn = 0; turn < 20; turn++) await Promise.all(contenders.map(contender => contender.step()))
    expect(contenders.filter(({ isHeld }) => isHeld)).toHaveLength(1)
  })

  add('who holds it goes on holding it', async setting => {
    const [ada, bob] = [setting.contender('ada'), setting.contender('bob')]
    await elected(setting, [ada])
    await goOn(setting, [ada, bob], 1.3 * setting.ttlMs)
    expect([ada.isHeld, bob.isHeld]).toEqual([true, false])
    expect(setting.log).toEqual(['primary: ada elected'])
  })

  add('seats of different names are held by different ones', async setting => {
    const [ada, bob] = [setting.contender('ada'), setting.contender('bob')]
    await elected(setting, [ada])
    await elected(setting, [bob.before('mail')])
    expect(await ada.before('mail').step()).toBeGreaterThan(0)
    expect((await ada.store.listSeats()).map(({ seat, holder }) => [seat, holder?.id])).toEqual([
      ['mail', 'bob'],
      ['primary', 'ada']
    ])
    expect(setting.log).toEqual(['primary: ada elected', 'mail: bob elected'])
  })
}

function testHandOver(add: Add): void {
  add('who resigns is followed at the next try', async setting => {
    const [ada, bob] = [setting.contender('ada'), setting.contender('bob')]
    await elected(setting, [ada])
    await bob.step()
    await ada.resign()
    expect(ada.isHeld).toBe(false)
    expect((await readSeat(ada))?.holder).toBe(undefined)
    await bob.step()
    expect(bob.isHeld).toBe(true)
    expect(setting.log).toEqual(['primary: ada elected', 'primary: ada resigned', 'primary: bob elected'])
  })

  add('who dies is followed', async setting => {
    const [ada, bob] = [setting.contender('ada'), setting.contender('bob')]
    await elected(setting, [ada])
    await bob.step()
    ada.die()
    await elected(setting, [bob])
    expect(bob.term).toBeGreaterThan(ada.term)
  })

  add('who resigned can be elected again, under another term', async setting => {
    const ada = setting.contender('ada')
    await elected(setting, [ada])
    const before = ada.term
    await ada.resign()
    await elected(setting, [ada])
    expect(ada.term).toBeGreaterThan(before)
  })
}

function testTerms(add: Add): void {
  add('terms grow, whoever comes and goes, and are those of the books', async setting => {
    const terms: number[] = []
    for (const name of ['ada', 'bob', 'cyd', 'dan']) {
      const contender = setting.contender(name)
      await elected(setting, [contender])
      terms.push(contender.term)
      expect((await readSeat(contender))?.term).toBe(contender.term)
      if (name === 'bob') contender.die()
      else await contender.resign()
    }
    expect(terms).toEqual([...new Set(terms)].toSorted((a, b) => a - b))
  })

  add('nothing is written in the name of a term that has ended', async setting => {
    const [ada, bob] = [setting.contender('ada'), setting.contender('bob')]
    await elected(setting, [ada])
    const job = newJob()
    expect(await ada.store.enqueueInSeat({ seat: 'primary', term: ada.term }, [job])).toHaveLength(1)
    ada.die()
    await elected(setting, [bob])
    expect(await ada.store.enqueueInSeat({ seat: 'primary', term: ada.term }, [job])).toBe('deposed')
    expect(await bob.store.enqueueInSeat({ seat: 'primary', term: bob.term }, [job])).toHaveLength(1)
  })

  add('a term is greater than all that the books know', async setting => {
    const ada = setting.contender('ada')
    const holder = { id: 'stranger', host: 'elsewhere', pid: 1 }
    await ada.store.takeSeat({ seat: 'primary', term: 41, holder, ttlMs: setting.ttlMs, seen: undefined })
    await ada.store.resignSeat({ seat: 'primary', term: 41, holderId: holder.id })
    await elected(setting, [ada])
    expect(ada.term).toBe(42)
  })
}

function testForgetting(add: Add): void {
  add('a lock that is lost or forgotten deposes its holder before another one is elected', async setting => {
    const { forget } = setting
    const [ada, bob] = [setting.contender('ada'), setting.contender('bob')]
    await elected(setting, [ada])
    if (forget === undefined) return
    await forget()
    const isLogged = (): boolean => setting.log.includes('primary: ada taken')
    const untilTold = async (): Promise<void> => {
      while (!isLogged()) {
        await setting.pass(ada.backend.beatEveryMs)
        await ada.step()
      }
    }
    await Promise.all([elected(setting, [bob]), untilTold()])
    expect(setting.log).toEqual(['primary: ada elected', 'primary: ada taken', 'primary: bob elected'])
    expect(bob.term).toBeGreaterThan(ada.term)
  })

  add('who was deposed takes nothing from the one who followed', async setting => {
    const [ada, bob] = [setting.contender('ada'), setting.contender('bob')]
    await elected(setting, [ada])
    await bob.step()
    ada.stepDown()
    if (setting.forget === undefined) await ada.store.resignSeat({ seat: 'primary', term: ada.term, holderId: 'ada' })
    await setting.forget?.()
    await elected(setting, [bob])
    await ada.letGo()
    await goOn(setting, [bob], setting.ttlMs / 2)
    expect(bob.isHeld).toBe(true)
    expect((await readSeat(bob))?.holder?.id).toBe('bob')
  })
}

function testBooksThatFail(add: Add): void {
  add('nobody is elected whom the books do not know, and nothing is in the way afterwards', async setting => {
    const [ada, bob] = [setting.contender('ada'), setting.contender('bob')]
    failing(ada.store, 'takeSeat')
    await expect(elected(setting, [ada])).rejects.toThrow('takeSeat failed')
    expect(ada.isHeld).toBe(false)
    await ada.step()
    await ada.resign()
    await elected(setting, [bob])
  })

  add('an election whose answer was lost is no election, and nobody else needs to wait for its end', async setting => {
    const ada = setting.contender('ada')
    failing(ada.store, 'takeSeat', { after: true })
    await expect(elected(setting, [ada])).rejects.toThrow('takeSeat failed')
    await ada.step()
    expect(ada.isHeld).toBe(true)
    expect(setting.log).toEqual(['primary: ada elected'])
    expect((await readSeat(ada))?.term).toBe(ada.term)
  })
}
