/**
 * About how many bytes a received item takes in memory, by its texts, numbers and objects. `shared` is what many items
 * refer to: it is not counted. The constants are those of 64-bit V8 without pointer compression, as Node has it. Equal
 * texts, which the store keeps once, are counted each time, so the result is above the heap: about twice.
 */
export function approximateBytes(value: unknown, shared: readonly unknown[] = none): number {
  switch (typeof value) {
    case 'string':
      return textBytes + value.length;
    case 'number':
      return numberBytes;
    case 'object':
      return value === null || shared.includes(value) ? 0 : objectBytesOf(value, shared);
    default:
      return 0;
  }
}

/** Header, map, length and hash of a string; its characters are one byte each where they are Latin-1. */
const textBytes = 16;
/** A number that is not a small integer has a box of its own. */
const numberBytes = 16;
/** Header, properties and elements of an object or a list. */
const objectBytes = 56;
/** One reference. */
const slotBytes = 8;

const none: readonly unknown[] = [];

function objectBytesOf(value: object, shared: readonly unknown[]): number {
  let bytes = objectBytes;
  // Received items have no inherited keys. Object.values would make a list of each of them.
  for (const key in value) bytes += slotBytes + approximateBytes(value[key as keyof object], shared);
  return bytes;
}
