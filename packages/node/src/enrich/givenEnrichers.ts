import {
  BenchlabError,
  type Clock,
  didYouMean,
  type Enricher,
  isObject,
  messageOf,
  OptionError,
  type SampleConsumer,
  SampleHistory,
} from '@benchlab-otel/core';

/** The enrichers of a start, and the consumers of samples, with those that the enrichers need. */
export interface GivenEnrichers {
  readonly enrichers: readonly Enricher[];
  readonly consumers: readonly SampleConsumer[];
}

interface Given {
  readonly enrichers?: readonly (Enricher | string)[];
  readonly consumers?: readonly SampleConsumer[];
  readonly env?: Readonly<Env>;
}

/** The functions of `@benchlab-otel/enrichers` by the names of their enrichers. */
type Table = Readonly<
  Record<string, (parts: { clock: Clock; history: SampleHistory; stages: []; env: Env }) => Enricher>
>;
type Env = Record<string, string | undefined>;

/**
 * Enrichers that are given by their names are made. One that needs the history of power gets that among the consumers, or
 * one of its own.
 *
 * @param names of the environment; one that the options have too is left out here
 * @throws OptionError for a name that does not exist, and UNSUPPORTED where the package is not installed
 */
export async function givenEnrichers(
  { enrichers = [], consumers = [], env = process.env }: Given,
  names: readonly string[],
  clock: Clock,
): Promise<GivenEnrichers> {
  if (!Array.isArray(enrichers)) throw new OptionError({ option: 'enrichers', value: enrichers, allowed: 'a list' });
  const own: readonly (readonly [Enricher | string, string])[] = enrichers.map((each, k) => [each, `enrichers[${k}]`]);
  const known = new Set(own.map(([each]) => (isObject(each) ? each.name : each)));
  const all = [
    ...names.filter((name) => !known.has(name)).map((name) => [name, 'TELEMETRY_ENRICHERS'] as const),
    ...own,
  ];
  if (!all.some(([each]) => typeof each === 'string'))
    return { enrichers: own.map(([each]) => each as Enricher), consumers };
  const table = await enricherTable();
  const made: SampleHistory[] = [];
  const parts = {
    clock,
    stages: [] as [],
    env: { ...env },
    get history(): SampleHistory {
      const history = [...consumers, ...made].find((each) => each instanceof SampleHistory) ?? new SampleHistory();
      if (!consumers.includes(history) && !made.includes(history)) made.push(history);
      return history;
    },
  };
  const named = all.map(([each, option]) => (typeof each === 'string' ? makerOf(each, option, table)(parts) : each));
  return { enrichers: named, consumers: [...consumers, ...made] };
}

function makerOf(name: string, option: string, table: Table): Table[string] {
  const make = Object.hasOwn(table, name) ? table[name] : undefined;
  if (make !== undefined) return make;
  const names = Object.keys(table);
  const allowed = `one of ${names.join(', ')}, or an enricher.${didYouMean(name, names)}`;
  throw new OptionError({ option, value: name, allowed });
}

/** Loaded only where an enricher is named. With `try` next to it, bundlers accept that it is not installed. */
async function enricherTable(): Promise<Table> {
  try {
    return (await import('@benchlab-otel/enrichers')).enrichers;
  } catch (error) {
    const why = messageOf(error).split('\n', 1)[0];
    const what = `Enrichers are named, and @benchlab-otel/enrichers cannot be loaded: ${why}.`;
    const fix = 'npm install @benchlab-otel/enrichers, of the version of @benchlab-otel/node.';
    throw new BenchlabError('UNSUPPORTED', what, fix, { cause: error });
  }
}
