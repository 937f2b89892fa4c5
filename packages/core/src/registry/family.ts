import { OptionError } from '../errors/optionError.ts';
import { attributesIn } from './attributes.ts';
import type {
  AttributeDefinition,
  LogEventDefinition,
  MetricDefinition,
  SpanDefinition,
  Vocabulary,
} from './definition.ts';

/**
 * What one subject contributes to the registry. Data alone: a package exports its families, and importing it changes
 * nothing. Signals are named as code names them (`import * as hw from './hw.ts'` is such an object).
 */
export interface SignalFamily {
  /** The heading in the data contracts: `Inference runtime`. */
  readonly name: string;
  /** What records them and what they are for: one or two sentences. */
  readonly about: string;
  readonly metrics?: Readonly<Record<string, MetricDefinition>>;
  readonly spans?: Readonly<Record<string, SpanDefinition>>;
  readonly logEvents?: Readonly<Record<string, LogEventDefinition>>;
  readonly attributes?: Vocabulary;
}

/** Every signal and attribute of several families, in the order of the families. */
export interface SignalRegistry {
  readonly families: readonly SignalFamily[];
  readonly metrics: readonly MetricDefinition[];
  readonly spans: readonly SpanDefinition[];
  readonly logEvents: readonly LogEventDefinition[];
  readonly attributes: readonly AttributeDefinition[];
}

/**
 * Joins the families of several packages into one registry.
 *
 * @throws OptionError when two of the metrics, spans, log events or attributes have the same name; it names both families.
 * @example const { metrics } = joinFamilies([...coreFamilies, ...presetFamilies]);
 */
export function joinFamilies(families: readonly SignalFamily[]): SignalRegistry {
  return {
    families,
    metrics: joined(families, 'metric', ({ metrics = {} }) => Object.values(metrics)),
    spans: joined(families, 'span', ({ spans = {} }) => Object.values(spans)),
    logEvents: joined(families, 'log event', ({ logEvents = {} }) => Object.values(logEvents)),
    attributes: joined(families, 'attribute', ({ attributes = {} }) => attributesIn(attributes)),
  };
}

function joined<D extends { readonly name: string }>(
  families: readonly SignalFamily[],
  kind: string,
  definitionsOf: (family: SignalFamily) => readonly D[],
): readonly D[] {
  const owners = new Map<string, string>();
  return families.flatMap((family) => {
    const definitions = definitionsOf(family);
    for (const { name } of definitions) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        const allowed = `a name that no other ${kind} has: the family '${owner}' has it`;
        throw new OptionError({ option: `The name of a ${kind} in the family '${family.name}'`, value: name, allowed });
      }
      owners.set(name, family.name);
    }
    return definitions;
  });
}
