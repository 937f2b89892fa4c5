// A program of a known amount of work: 25 spans `work`, each of which hashes FACTOR times the same number of bytes, some 8 ms. It
// sends them over OTLP/HTTP without an SDK, so that a run takes half a second. In calls of 1 ms the p95 is mostly what else the
// machine does, and 5 % more work is less than 5 % of it.
//   node work.mjs FACTOR
import { createHash, randomBytes } from 'node:crypto';

const calls = 25;
const rounds = Math.round(2400 * Number(process.argv[2]));
const bytes = Buffer.alloc(4096);

function work() {
  const hash = createHash('sha256');
  for (let round = 0; round < rounds; round++) hash.update(bytes);
  return hash.digest('hex');
}

const startNs = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
const nowNs = () => String(startNs + process.hrtime.bigint());
work();
const spans = Array.from({ length: calls }, () => {
  const startTimeUnixNano = nowNs();
  work();
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'work',
    kind: 1,
    startTimeUnixNano,
    endTimeUnixNano: nowNs(),
  };
});
const [header, value] = process.env.OTEL_EXPORTER_OTLP_HEADERS.split('=');
const { status } = await fetch(`${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', [header]: value },
  body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
});
if (status !== 200) throw new Error(`The spans were refused with status ${status}.`);
