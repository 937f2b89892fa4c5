import { type MessageBounds, tooMany } from './messageBounds.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Walks through JSON text without making anything of it. Text that is not JSON is left to the parser.
 *
 * @throws Refusal when there is more in it than `bounds` allow
 */
export function checkJson(bytes: Uint8Array, bounds: MessageBounds): void {
  let [messages, fields, depth] = [0, 0, 0];
  let isText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) isText = !isText;
    else if (isText) {
      if (byte === backslash) at++;
    } else if (byte === openObject || byte === openList) {
      if (++messages > bounds.messages) throw tooMany(bounds.messages, 'objects and lists');
      if (++depth > bounds.depth) throw tooMany(bounds.depth, 'objects and lists within each other');
    } else if (byte === closeObject || byte === closeList) depth--;
    else if (byte === comma && ++fields > bounds.fields) throw tooMany(bounds.fields, 'values');
  }
}
