/** A run that is explored in full, or has found its violation, within this many states takes about a second. */
const QUICK_STATES = 190_000

/** One configuration of a model: what Spin's preprocessor is given, and what has to come out. */
export interface ModelRun {
  /** Unique; model, space and the rules taken out: `fire R CAS_NO_CREATED`. */
  readonly name: string
  readonly model: 'lease' | 'renewal' | 'clock' | 'fire' | 'owners' | 'jobs' | 'solo'
  readonly flags: readonly string[]
  /** `holds`: no property breaks in the whole state space. Else the label of the property that has to break. */
  readonly expected: string
  /** Breadth-first finds the shortest counter-example; depth-first needs less memory. */
  readonly search: 'breadth' | 'depth'
  /** Part of `npm test`. */
  readonly quick: boolean
  /** States stored, as measured with Spin 6.5.2: the whole space, or until the violation. */
  readonly states: number
  /** What is looked at, or how it breaks. */
  readonly why: string
}

/** A bounded world: how many jobs, faults, operators… */
export interface Space {
  readonly model: ModelRun['model']
  readonly name: string
  readonly flags: string
}

interface RunOfSpace {
  readonly space: Space
  /** Macros of the model that take a rule out, or ask for one more property. */
  readonly macros?: readonly string[]
  readonly expected: string
  readonly search?: ModelRun['search']
  readonly states: number
  readonly why: string
}

export function modelRun({ space, macros = [], expected, search, states, why }: RunOfSpace): ModelRun {
  return {
    name: [space.model, space.name, ...macros].join(' '),
    model: space.model,
    flags: [...space.flags.split(' '), ...macros.map(macro => `-D${macro}`)].filter(flag => flag !== ''),
    expected,
    search: search ?? 'breadth',
    quick: states <= QUICK_STATES,
    states,
    why
  }
}
