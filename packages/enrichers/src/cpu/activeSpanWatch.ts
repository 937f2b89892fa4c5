import { type Context, type ContextManager, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';
import { watchExecution } from './executionWatch.ts';

/** Deeper work within work of one turn of the event loop counts for what this level works for. */
const maxNested = 1024;

export interface ActiveSpanWatchOptions<T> {
  /** The context manager of the process. */
  readonly manager: ContextManager;
  /** What stands for a span, undefined where nothing does. */
  readonly of: (span: Span) => T | undefined;
  /** From now on the thread works for `next`. Returns what it worked for until now. */
  readonly switchTo: (next: T | undefined) => T | undefined;
  /** The watch failed and has ended itself. */
  readonly failed: (error: unknown) => void;
}

/**
 * Reports each change of the active span of this thread: where asynchronous work starts and ends, and where code within
 * it runs in another context (`context.with`). Between two pieces of work nothing is active. The returned function ends
 * the watch and leaves the context manager as it was.
 *
 * @throws TypeError where the context manager does not let its `with` be replaced
 */
export function watchActiveSpan<T>({ manager, of, switchTo, failed }: ActiveSpanWatchOptions<T>): () => void {
  const outer: (T | undefined)[] = [];
  let tooDeep = 0;
  let isOn = true;

  // Nothing here may throw: Node ends a process whose hooks throw, and `with` belongs to the application.
  function workOf(context: Context): T | undefined {
    if (context === ROOT_CONTEXT) return undefined;
    try {
      const span = trace.getSpan(context);
      return span && of(span);
    } catch {
      return undefined; // not a context
    }
  }
  function turnTo(next: T | undefined): T | undefined {
    if (!isOn) return undefined;
    try {
      return switchTo(next);
    } catch (error) {
      stop();
      failed(error);
      return undefined;
    }
  }
  function before(): void {
    if (outer.length < maxNested) outer.push(turnTo(workOf(active(manager))));
    else tooDeep++;
  }
  function after(): void {
    // Nothing is left to return to where the work had started before this watch did.
    if (tooDeep === 0) turnTo(outer.pop());
    else tooDeep--;
  }

  const giveBack = replaceWith(manager, (context) => turnTo(workOf(context)), turnTo);
  const stopExecution = watchExecution(before, after);
  function stop(): void {
    if (!isOn) return;
    isOn = false;
    stopExecution();
    giveBack();
  }
  turnTo(workOf(active(manager)));
  return stop;
}

function active(manager: ContextManager): Context {
  try {
    return manager.active();
  } catch {
    return ROOT_CONTEXT;
  }
}

/** Wraps `with` of this one manager. The returned function undoes it. */
function replaceWith<T>(
  manager: ContextManager,
  enter: (context: Context) => T | undefined,
  leave: (previous: T | undefined) => void,
): () => void {
  const own = Object.getOwnPropertyDescriptor(manager, 'with');
  const original = manager.with;
  const watched: ContextManager['with'] = (context, work, thisArg, ...args) => {
    const previous = enter(context);
    try {
      return Reflect.apply(original, manager, [context, work, thisArg, ...args]);
    } finally {
      leave(previous);
    }
  };
  Object.defineProperty(manager, 'with', { value: watched, configurable: true, writable: true });
  return () => {
    // Where another library has wrapped it since, ours stays below and passes everything on.
    if (manager.with !== watched) return;
    if (own) Object.defineProperty(manager, 'with', own);
    else Reflect.deleteProperty(manager, 'with');
  };
}
