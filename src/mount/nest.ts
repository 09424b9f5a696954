import { createEscapement } from '../app/create-escapement.ts'
import { Escapement } from '../app/escapement.ts'
import { EscapementError } from '../core/errors.ts'
import type { EscapementConfig } from '../settings/settings.ts'
import { carryOut, type HandlerClass, handlerClassOf } from './handled-by.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- Nest types the parts of a module by classes of its own.
type OfNest = any
type AnyHandlerClass = HandlerClass<never, unknown>

/** What Nest calls a dynamic module. */
export interface NestModule {
  readonly module: typeof EscapementModule
  readonly global: boolean
  readonly imports: OfNest[]
  readonly providers: OfNest[]
  readonly exports: OfNest[]
}

export interface NestOptions {
  /** Modules that export what the constructors of handler classes ask for. @default [] */
  readonly imports?: readonly OfNest[]
}

export interface NestAsyncOptions extends NestOptions {
  /** The handler classes of the config's tasks: Nest makes their instances before it knows the config. @default [] */
  readonly handlers?: readonly OfNest[]
  /** What `useFactory` is called with. @default [] */
  readonly inject?: readonly OfNest[]
  readonly useFactory: (...injected: OfNest[]) => EscapementConfig | Promise<EscapementConfig>
}

/**
 * An Escapement in a Nest app. It starts when the app has started, and stops when its modules are destroyed: with
 * `app.enableShutdownHooks()`, at SIGTERM too. `Escapement` of `escapement/nest` is its token, in every module.
 */
// oxlint-disable-next-line typescript/no-extraneous-class -- Nest names a module by its class.
export class EscapementModule {
  /** @throws EscapementError `config-invalid` */
  static forRoot(config: EscapementConfig, { imports = [] }: NestOptions = {}): NestModule {
    const escapement = createEscapement(config)
    const handlers = [...new Set(handlerClassesOf(escapement))]
    return nestModule({ imports, handlers, provider: { provide: Escapement, useValue: escapement } })
  }

  /** The same, with a config that other providers decide. */
  static forRootAsync({ imports = [], handlers = [], inject = [], useFactory }: NestAsyncOptions): NestModule {
    const make = async (...injected: OfNest[]): Promise<Escapement> => createEscapement(await useFactory(...injected))
    return nestModule({ imports, handlers, provider: { provide: Escapement, inject: [...inject], useFactory: make } })
  }
}

interface Parts {
  readonly imports: readonly OfNest[]
  readonly handlers: readonly AnyHandlerClass[]
  readonly provider: object
}

function nestModule({ imports, handlers, provider }: Parts): NestModule {
  const lifeCycle = {
    provide: NestLifeCycle,
    inject: [Escapement, ...handlers],
    useFactory: (escapement: Escapement, ...instances: { handle(context: never): unknown }[]) =>
      new NestLifeCycle(escapement, new Map(handlers.map((handler, at) => [handler, instances[at]!])))
  }
  return {
    module: EscapementModule,
    global: true,
    imports: [...imports],
    providers: [provider, ...handlers, lifeCycle],
    exports: [Escapement]
  }
}

const handlerClassesOf = ({ settings }: Escapement): AnyHandlerClass[] =>
  settings.tasks.flatMap(({ handler }) => handlerClassOf(handler) ?? [])

/** Nest calls what it finds by these names. */
class NestLifeCycle {
  readonly #escapement: Escapement
  readonly #instances: ReadonlyMap<AnyHandlerClass, { handle(context: never): unknown }>

  constructor(escapement: Escapement, instances: ReadonlyMap<AnyHandlerClass, { handle(context: never): unknown }>) {
    this.#escapement = escapement
    this.#instances = instances
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const [handlerClass, instance] of this.#instances) carryOut(handlerClass, instance)
    const missing = handlerClassesOf(this.#escapement).find(each => !this.#instances.has(each))
    if (missing !== undefined)
      throw new EscapementError(
        'config-invalid',
        `A task of this config is handled by ${missing.name}, which is not in "handlers" of forRootAsync(): Nest has no instance of it.`
      )
    await this.#escapement.start()
  }

  /** Before the modules that this one imports, whose providers the handlers still use. */
  onModuleDestroy(): Promise<void> {
    return this.#escapement.stop()
  }
}
