/** Mulberry32. */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick(random, list) {
  return list[Math.floor(random() * list.length)];
}

/** One to eight changes: bytes changed, removed, doubled, repeated many times, numbers made large. */
export function changedBytes(random, given) {
  let bytes = Buffer.from(given);
  const below = (most) => Math.floor(random() * most);
  for (let changes = 1 + below(8); changes > 0 && bytes.length > 0; changes--) {
    const at = below(bytes.length);
    const length = 1 + below(Math.min(40, bytes.length - at));
    const part = bytes.subarray(at, at + length);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + length)];
    const repeated = () => Buffer.alloc(Math.min(length * (1 + below(random() < 0.1 ? 20_000 : 20)), 400_000), part);
    const made = [
      () => Buffer.from(part.map(() => below(256))),
      () => Buffer.alloc(0),
      repeated,
      () => Buffer.alloc(length, [0x00, 0x0a, 0x12, 0x22, 0x2c, 0x5b, 0x7b, 0x80, 0xff][below(9)]),
    ][below(4)]();
    bytes = Buffer.concat([before, made, after]);
  }
  return bytes;
}
