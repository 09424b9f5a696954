import type { HandlerContext } from '../core/job/handler.ts'

/** A class whose instances handle the jobs of a task; Nest gives its constructor what it asks for. */
export type HandlerClass<Payload, Result> = new (
  // oxlint-disable-next-line typescript/no-explicit-any -- Nest injects what the constructor of the class declares.
  ...injected: any[]
) => { handle(context: HandlerContext<Payload>): Result }

type AnyHandlerClass = HandlerClass<never, unknown>

const classOfHandler = new WeakMap<object, AnyHandlerClass>()
const instances = new WeakMap<AnyHandlerClass, { handle(context: never): unknown }>()

/**
 * A handler that an instance of the class carries out: `task('greet', { handler: handledBy(Greeter) })`. The
 * `EscapementModule` that gets the task, or a schedule of it, lets Nest make the instance.
 */
export function handledBy<Payload, Result>(
  handlerClass: HandlerClass<Payload, Result>
): (context: HandlerContext<Payload>) => Result {
  const handler = (context: HandlerContext<Payload>): Result => {
    const instance = instances.get(handlerClass)
    if (instance === undefined)
      throw new Error(
        `The handler class ${handlerClass.name} has no instance: its task must be in the config of an EscapementModule that Nest has started.`
      )
    return instance.handle(context as never) as Result
  }
  classOfHandler.set(handler, handlerClass)
  return handler
}

/** The class behind a handler that `handledBy` made. */
export const handlerClassOf = (handler: object): AnyHandlerClass | undefined => classOfHandler.get(handler)

/** From now on this instance handles the jobs of its class in this process. */
export function carryOut(handlerClass: AnyHandlerClass, instance: { handle(context: never): unknown }): void {
  instances.set(handlerClass, instance)
}
