import { printable } from '../report/printable.ts';

/** What decides which telemetry a program makes, and stays as the user has set it. */
const staying = ['OTEL_SDK_DISABLED', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'];

/**
 * What a program does not see of the environment of the user, and what it sees that decides about its telemetry: a
 * sentence each. Values that may be secrets are not in it.
 */
export function environmentNotes(parent: NodeJS.ProcessEnv, child: NodeJS.ProcessEnv): readonly string[] {
  const replaced = Object.keys(parent)
    .filter((name) => isSet(parent[name]) && parent[name] !== child[name])
    .sort();
  const kept = staying.filter((name) => isSet(parent[name]) && parent[name] === child[name]);
  return [
    ...(replaced.length > 0 ? [`changed in the environment of the program: ${replaced.join(', ')}`] : []),
    ...(kept.length > 0
      ? [`left in it as you have set it: ${kept.map((name) => printable(`${name}=${parent[name]}`)).join(', ')}`]
      : []),
  ];
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== '';
}
