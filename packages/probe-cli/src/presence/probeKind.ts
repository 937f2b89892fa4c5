import { type LintFile, type LintKind, yamlRules } from '@benchlab-otel/lint';
import { parseProbeFile } from './parseProbeFile.ts';

/** The rules of `lint probe` besides those of YAML. */
export const probeRules = [
  { id: 'probe-empty', reason: 'A file that asks for nothing would pass with any program.' },
  { id: 'probe-key', reason: 'A key that is not known is a slip: what it asks for would never be checked.' },
  { id: 'probe-missing', reason: 'Without this key, the entry does not state what it asks for.' },
  { id: 'probe-value', reason: 'The value is not one of those that the key allows.' },
  { id: 'probe-pattern', reason: 'A pattern that is not a regular expression matches nothing.' },
  { id: 'probe-budget', reason: 'A budget that cannot be read limits nothing.' },
  { id: 'probe-contradiction', reason: 'No run can meet the entry, or two of its keys exclude each other.' },
  { id: 'probe-repeated', reason: 'Of two entries for the same thing, a reader changes one and forgets the other.' },
] as const;

/** `probe.yaml`: what a run must show. */
export const probeKind: LintKind = {
  name: 'probe',
  extensions: ['probe.yaml', 'probe.yml'],
  rules: [...yamlRules, ...probeRules],
  // What a comment allowed here, `run` would refuse all the same.
  comments: false,
  find: (files) => files.flatMap(findingsOf),
};

function findingsOf({ path, text }: LintFile): ReturnType<LintKind['find']> {
  const parsed = parseProbeFile(path, new TextEncoder().encode(text));
  return 'findings' in parsed ? parsed.findings : [];
}
