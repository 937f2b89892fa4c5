export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** A frame of HTTP/2 with random content (RFC 9113, section 4.1). */
export function frame(random) {
  const content = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)));
  const head = Buffer.alloc(9);
  head.writeUIntBE(random() < 0.9 ? content.length : Math.floor(random() * 2 ** 24), 0, 3);
  head[3] = Math.floor(random() * 11);
  head[4] = Math.floor(random() * 256);
  head.writeUInt32BE(Math.floor(random() * 4), 5);
  return Buffer.concat([head, content]);
}
