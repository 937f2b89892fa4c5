/** What the observer reports of one thread, in order. Fields of another type are absent. */
export interface ObservedEvent {
  readonly kind: string;
  readonly type?: string;
  readonly reason?: string;
  readonly what?: string;
  readonly file?: string;
  readonly parent?: string | number;
  readonly instrument?: string;
  readonly metric?: string;
  readonly text?: string;
  readonly program?: string;
  readonly views?: number;
  readonly pid?: number;
  readonly port?: number;
  readonly atMs?: number;
  readonly hasRegistration?: boolean;
  readonly loaders?: boolean;
  /** Callers, innermost first: `name (file:line:column)`. */
  readonly by: readonly string[];
}

/** A process, or a worker thread of it: each has its own registrations. */
export interface ObservedThread {
  readonly events: readonly ObservedEvent[];
}

/** The events of a file of the observer. A line that is cut or not an event is left out. */
export function eventsOf(text: string): readonly ObservedEvent[] {
  return text.split('\n').flatMap((line) => {
    const value = parsed(line);
    return value === undefined ? [] : [value];
  });
}

function parsed(line: string): ObservedEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const given = value as Readonly<Record<string, unknown>>;
  if (typeof given.kind !== 'string') return undefined;
  const plain = Object.entries(given).filter(([, field]) => ['string', 'number', 'boolean'].includes(typeof field));
  const by = Array.isArray(given.by) ? given.by.filter((frame) => typeof frame === 'string') : [];
  return { ...Object.fromEntries(plain), kind: given.kind, by } as ObservedEvent; // written by observer/, and shown only as text
}
