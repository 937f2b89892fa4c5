// Samples to a Prometheus by its remote write: tens of millions of them take minutes as text through promtool, which reads the labels
// of a series again for each sample. Source: prometheus.io/docs/specs/prw/remote_write_spec (version 1.0),
// github.com/google/snappy/blob/main/format_description.txt.

const seriesOfRequest = 2000;

/**
 * Sends the samples of series at some instants, oldest first: `labels` with `__name__`, `at(instant)` the value or undefined. An
 * instant must not be an hour older than one that the server has: send a long time in parts.
 *
 * @param {readonly number[]} instants seconds since 1970
 */
export async function remoteWrite(url, series, instants) {
  const stamps = instants.map((instant) => field(2, 0, varint(instant * 1000)));
  for (let first = 0; first < series.length; first += seriesOfRequest) {
    const request = series.slice(first, first + seriesOfRequest).flatMap((each) => timeSeries(each, instants, stamps));
    const response = await fetch(`${url}/api/v1/write`, {
      method: 'POST',
      headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
      body: snappy(Buffer.concat(request)),
    });
    if (!response.ok) throw new Error(`Prometheus refuses samples: ${response.status} ${await response.text()}`);
  }
}

/** Field 1 of a WriteRequest: its labels as field 1, its samples as field 2. Nothing where it has no sample. */
function timeSeries({ encodedLabels, at }, instants, stamps) {
  const samples = [];
  for (const [index, instant] of instants.entries()) {
    const value = at(instant);
    if (value === undefined) continue;
    const stamp = stamps[index];
    const sample = Buffer.allocUnsafe(11 + stamp.length);
    sample[0] = 0x12;
    sample[1] = 9 + stamp.length;
    sample[2] = 0x09;
    sample.writeDoubleLE(value, 3);
    stamp.copy(sample, 11);
    samples.push(sample);
  }
  if (samples.length === 0) return [];
  const length = encodedLabels.length + samples.reduce((sum, sample) => sum + sample.length, 0);
  return [Buffer.from([0x0a]), varint(length), encodedLabels, ...samples];
}

/** Labels in the order of their names, as the specification wants them. Encode them once: they are most of a request. */
export function encodedLabels(labels) {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(pairs.map(([name, value]) => bytes(1, Buffer.concat([text(1, name), text(2, value)]))));
}

function text(number, value) {
  return bytes(number, Buffer.from(value));
}

function bytes(number, content) {
  return field(number, 2, Buffer.concat([varint(content.length), content]));
}

function field(number, type, content) {
  return Buffer.concat([Buffer.from([(number << 3) | type]), content]);
}

function varint(value) {
  const found = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 0x80)) found.push((left % 0x80) | 0x80);
  return Buffer.from([...found, left]);
}

/** One literal: a valid block of Snappy that compresses nothing. */
function snappy(content) {
  const head = Buffer.alloc(5);
  head[0] = 63 << 2;
  head.writeUInt32LE(content.length - 1, 1);
  return Buffer.concat([varint(content.length), head, content]);
}
