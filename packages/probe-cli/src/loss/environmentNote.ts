// What the user has set and what decides on the spans, but does not send them elsewhere.
const deciding = ['OTEL_SDK_DISABLED', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'];

/** Characters of a value that the note shows. */
const maxValue = 40;

/**
 * One line about the environment of the program: what the user had set and is replaced or taken away, by name, because
 * values may be secrets; and what stays and decides which spans there are. Undefined where there is neither.
 */
export function environmentNote(own: NodeJS.ProcessEnv, child: NodeJS.ProcessEnv): string | undefined {
  const isTelemetry = (name: string) => /^(?:OTEL|TELEMETRY)_/.test(name) || name === 'PROMETHEUS_PORT';
  const set = Object.keys(own).filter((name) => isTelemetry(name) && own[name] !== '' && own[name] !== undefined);
  const replaced = set.filter((name) => child[name] !== own[name]).sort();
  const stays = deciding.filter((name) => set.includes(name) && child[name] === own[name]);
  const parts = [
    ...(replaced.length === 0 ? [] : [`replaced for the program: ${replaced.join(', ')}`]),
    ...(stays.length === 0
      ? []
      : [`kept: ${stays.map((name) => `${name}=${own[name]?.slice(0, maxValue)}`).join(', ')}`]),
  ];
  return parts.length === 0 ? undefined : `environment: ${parts.join('; ')}`;
}
