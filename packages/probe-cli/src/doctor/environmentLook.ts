import { type Finding, finding, type Look } from './finding.ts';

/** What the environment turns off. Values are read as the specification says: without case, spaces around them do not count. */
export function environmentLook(environment: NodeJS.ProcessEnv): Look {
  const value = (name: string) => environment[name]?.trim().toLowerCase() ?? '';
  const findings: Finding[] = [];
  if (value('OTEL_SDK_DISABLED') === 'true') {
    findings.push(finding('sdk-disabled', ['OTEL_SDK_DISABLED is true.']));
  }
  const off = ['TRACES', 'METRICS', 'LOGS']
    .map((signal) => `OTEL_${signal}_EXPORTER`)
    .filter((name) => value(name) === 'none');
  if (off.length > 0) {
    const fix = `Set it to otlp, or unset it: unset ${off.join(' ')}.`;
    findings.push(
      finding(
        'exporter-off',
        off.map((name) => `${name} is none.`),
        fix,
      ),
    );
  }
  const sampler = value('OTEL_TRACES_SAMPLER');
  const argument = value('OTEL_TRACES_SAMPLER_ARG');
  if (/^(?:parentbased_)?always_off$/.test(sampler)) {
    findings.push(finding('sampler-off', [`OTEL_TRACES_SAMPLER is ${sampler}.`]));
  }
  if (/^(?:parentbased_)?traceidratio$/.test(sampler) && argument !== '' && Number(argument) === 0) {
    findings.push(
      finding('sampler-off', [`OTEL_TRACES_SAMPLER is ${sampler}, and OTEL_TRACES_SAMPLER_ARG is ${argument}.`]),
    );
  }
  return { findings, notLookedAt: [] };
}
