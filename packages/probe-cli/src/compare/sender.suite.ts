/**
 * Code of a program that starts fast: it sends spans over OTLP/HTTP, with durations that are given, in place of work. Its
 * figures are known, so that a test of a comparison depends on no machine.
 *
 * @param durationsMs an expression for the durations of the spans
 * @param more statements that come before it sends
 */
export function sender(durationsMs: Readonly<Record<string, string>>, more = ''): string {
  const lists = Object.entries(durationsMs).map(
    ([name, list]) => `...(${list}).map((ms) => [${JSON.stringify(name)}, ms])`,
  );
  return `${more}
const [header, value] = process.env.OTEL_EXPORTER_OTLP_HEADERS.split('=');
const id = (length) => require('node:crypto').randomBytes(length).toString('hex');
const startNs = BigInt(Date.now()) * 1000000n;
const spans = [${lists.join(', ')}].map(([name, ms]) => ({
  traceId: id(16), spanId: id(8), name, kind: 1,
  startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + BigInt(Math.round(ms * 1e6))),
}));
fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces', {
  method: 'POST',
  headers: { 'content-type': 'application/json', [header]: value },
  body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
}).then(({ status }) => { process.exitCode = status === 200 ? 0 : 70; });`;
}
