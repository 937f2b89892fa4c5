// Draws the newest trace of a service, as a Jaeger answers it, as a picture (SVG) for the documentation.
//   node scripts/trace-picture.mjs http://127.0.0.1:16686 planner docs/images/planner-trace.svg
import { writeFileSync } from 'node:fs';

const [url, service, out] = process.argv.slice(2);
if (out === undefined) {
  console.error('Usage: node scripts/trace-picture.mjs JAEGER_URL SERVICE OUT.svg');
  process.exit(2);
}
const rowHeight = 22;
const left = { name: 250, bars: 260, facts: 660 };
const width = 1200;
/** Readable beside each other, also without colour: the name of the process is in front of each row. */
const colours = ['#1f77b4', '#b45f06'];

const response = await fetch(`${url}/api/traces?service=${encodeURIComponent(service)}&limit=1`);
const [trace] = (await response.json()).data ?? [];
if (trace === undefined) throw new Error(`${url} has no trace of ${service}.`);
writeFileSync(out, pictureOf(trace));
console.log(`${out}: trace ${trace.traceID}, ${trace.spans.length} spans`);

/** Rows in the order of the trace, each with its bar and what it cost and made. */
function pictureOf({ traceID, spans, processes }) {
  const begin = Math.min(...spans.map(({ startTime }) => startTime));
  const end = Math.max(...spans.map(({ startTime, duration }) => startTime + duration));
  const scale = (left.facts - left.bars - 10) / (end - begin);
  const services = [...new Set(Object.values(processes).map(({ serviceName }) => serviceName))].sort().reverse();
  const rows = inOrder(spans).map(({ span, depth }, index) => {
    const { serviceName } = processes[span.processID];
    const y = 56 + index * rowHeight;
    const x = left.bars + (span.startTime - begin) * scale;
    const colour = colours[services.indexOf(serviceName) % colours.length];
    const length = Math.max(2, span.duration * scale);
    return [
      `<text x="${10 + depth * 14}" y="${y + 14}" fill="${colour}">${text(`${serviceName}: ${span.operationName}`)}</text>`,
      `<rect x="${x.toFixed(1)}" y="${y + 4}" width="${length.toFixed(1)}" height="${rowHeight - 9}" fill="${colour}"/>`,
      `<text x="${left.facts}" y="${y + 14}">${text(factsOf(span))}</text>`,
    ].join('\n');
  });
  const height = 70 + rows.length * rowHeight;
  const title = `Trace ${traceID} as Jaeger answers it: ${spans.length} spans of ${services.length} processes, ${((end - begin) / 1e6).toFixed(2)} s`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<title>${text(title)}</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="10" y="20" font-size="14">${text(title)}</text>
<text x="10" y="42" fill="#555555">span</text><text x="${left.bars}" y="42" fill="#555555">time</text><text x="${left.facts}" y="42" fill="#555555">energy (simulated), versions, what it made</text>
${rows.join('\n')}
</svg>
`;
}

/** Parents before their children, by their starts. */
function inOrder(spans) {
  const ids = new Set(spans.map(({ spanID }) => spanID));
  const parentOf = ({ references }) =>
    references.find(({ refType, spanID }) => refType === 'CHILD_OF' && ids.has(spanID))?.spanID;
  const below = (parent, depth) =>
    spans
      .filter((span) => parentOf(span) === parent)
      .sort((a, b) => a.startTime - b.startTime)
      .flatMap((span) => [{ span, depth }, ...below(span.spanID, depth + 1)]);
  return below(undefined, 0);
}

function factsOf({ tags, references }) {
  const tag = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  const joules = tag['benchlab.energy.system.joules'];
  const hashes = String(tag['benchlab.artifact.hashes'] ?? '').match(/[0-9a-f]{64}/g) ?? [];
  const judged = references.find(({ refType }) => refType === 'FOLLOWS_FROM');
  return [
    joules === undefined ? undefined : `${joules.toFixed(1)} J`,
    tag['gen_ai.request.model'] && `${tag['gen_ai.request.model']} ${tag['model.version']}`,
    tag['dataset.name'] && `${tag['dataset.name']} ${tag['dataset.version']}`,
    hashes.length > 0 ? hashes.map((hash) => `${hash.slice(0, 8)}…`).join(' ') : undefined,
    judged && `judges ${judged.spanID}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function text(value) {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
