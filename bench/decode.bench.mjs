// What it costs to decode a sensor frame into a reused array of integers: the decoder of this project, one DataView call
// a field (unrolled by new Function, and from a table), Buffer.readInt16LE and its kin, and an object by names, as drivers
// make them. All are checked to agree first. Frames are those of BENCHLAB ORIGINAL (216 bytes) and BENCHLAB 2 (384).

import { spawnSync } from 'node:child_process';
import { contracts } from '../packages/hw-receivers/dist/benchlab/contract/contract.js';
import { frameDecoder } from '../packages/hw-receivers/dist/benchlab/frame/decode.js';
import { bytesPerCall, flags } from './bytes.mjs';
import { interleave, loop } from './interleave.mjs';
import { report } from './report.mjs';

const readers = {
  u8: (view, at) => view.getUint8(at),
  i16: (view, at) => view.getInt16(at, true),
  u16: (view, at) => view.getUint16(at, true),
  i32: (view, at) => view.getInt32(at, true),
};
const dataViewCalls = {
  u8: (at) => `view.getUint8(${at})`,
  i16: (at) => `view.getInt16(${at}, true)`,
  u16: (at) => `view.getUint16(${at}, true)`,
  i32: (at) => `view.getInt32(${at}, true)`,
};
const bufferCalls = {
  u8: (at) => `buffer.readUInt8(${at})`,
  i16: (at) => `buffer.readInt16LE(${at})`,
  u16: (at) => `buffer.readUInt16LE(${at})`,
  i32: (at) => `buffer.readInt32LE(${at})`,
};
const [, script, kind] = process.argv;

if (kind === undefined) {
  for (const each of ['original', 'bl2']) {
    spawnSync(process.execPath, [script, each], { stdio: 'inherit' });
    spawnSync(process.execPath, [...flags, script, each], { stdio: 'inherit' });
  }
} else {
  await measure();
}

async function measure() {
  const contract = contracts.filter(({ variant }) => variant === kind).at(-1);
  const { size } = contract.sensors;
  const decoder = frameDecoder(contract);
  const fields = fieldsOf(contract);
  const bytes = Uint8Array.from({ length: 512 }, (_, k) => (k * 37 + 11) % 251);
  const [view, buffer] = [new DataView(bytes.buffer), Buffer.from(bytes.buffer)];
  const raw = new Int32Array(decoder.length);
  const unrolled = (calls) => {
    const lines = fields.map(({ type, offset }, k) => `raw[${k}] = ${calls[type](offset)};`);
    return new Function('view', 'buffer', 'raw', `return () => { ${lines.join('\n')} return raw[0]; };`)(
      view,
      buffer,
      raw,
    );
  };
  const decoders = {
    benchlab: () => {
      decoder.decode(view, size, raw);
      return raw[0];
    },
    'DataView, unrolled': unrolled(dataViewCalls),
    'DataView, from a table': () => {
      let slot = 0;
      for (const { type, offset } of fields) raw[slot++] = readers[type](view, offset);
      return raw[0];
    },
    'Buffer.read…, unrolled': unrolled(bufferCalls),
  };
  check(fields, decoder, decoders, raw);
  if (globalThis.gc !== undefined) {
    const ours = loop(decoders.benchlab);
    ours(1_000_000); // compiled by then
    console.log('bytes a frame:', await bytesPerCall(ours, 400_000));
    return;
  }
  const object = () => {
    const found = {};
    for (const { path, type, offset } of fields) found[path] = readers[type](view, offset);
    return found.Tamb;
  };
  const all = { ...decoders, 'object by names': object };
  const variants = Object.fromEntries(Object.entries(all).map(([name, decode]) => [name, loop(decode)]));
  const title = `decode, ${contract.product} firmware ${contract.firmware}: ${size} bytes, ${fields.length} integers`;
  report(title, await interleave(variants, 'DataView, unrolled'), 'ratio of p10');
}

/** Every integer of the frame, 64-bit words as two. */
function fieldsOf(contract) {
  const flat = (fields, base, prefix) =>
    fields.flatMap((field) => {
      const inner = contract.structs[field.type];
      const bytes = inner?.size ?? Number(field.type.slice(1)) / 8;
      return Array.from({ length: field.count ?? 1 }, (_, k) => {
        const path = `${prefix}${field.name}${field.count === undefined ? '' : `.${k}`}`;
        const offset = base + field.offset + k * bytes;
        if (inner) return flat(inner.fields, offset, `${path}.`);
        if (field.type !== 'u64') return [{ path, type: field.type, offset }];
        return [
          { path: `${path}.low`, type: 'i32', offset },
          { path: `${path}.high`, type: 'i32', offset: offset + 4 },
        ];
      }).flat();
    });
  return flat(contract.sensors.fields, 0, '');
}

function check(fields, decoder, decoders, raw) {
  const seen = Object.entries(decoders).map(([name, decode]) => {
    raw.fill(0);
    decode();
    return fields.map(({ path }, k) => raw[name === 'benchlab' ? decoder.slot(path) : k]).join();
  });
  if (new Set(seen).size !== 1) throw new Error('The decoders do not agree.');
}
