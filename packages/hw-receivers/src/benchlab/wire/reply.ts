/** Decodes the small replies of identification. */

/** The start of every welcome. */
const welcomePrefix: Uint8Array = new TextEncoder().encode('BENCHLAB');

/** Bytes of a welcome on older firmware (the prefix and a NUL) and on newer (NUL-padded product string): firmware contract. */
export const welcomeBytes = { short: 9, long: 32 } as const;

/** Whether `bytes` begin as a welcome does. Bytes beyond the prefix are not looked at, fewer are compared as they are. */
export function beginsAsWelcome(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  const length = Math.min(bytes.length, welcomePrefix.length);
  for (let index = 0; index < length; index++) if (bytes[index] !== welcomePrefix[index]) return false;
  return true;
}

/** The product string of a whole welcome, either length, or undefined where the bytes are not one. */
export function decodeWelcome(bytes: Uint8Array): string | undefined {
  if (bytes.length !== welcomeBytes.short && bytes.length !== welcomeBytes.long) return undefined;
  if (!beginsAsWelcome(bytes)) return undefined;
  if (bytes.length === welcomeBytes.short && bytes[welcomePrefix.length] !== 0) return undefined;
  return decodeName(bytes);
}

export interface VendorData {
  readonly vendorId: number;
  readonly productId: number;
  readonly firmware: number;
}

/** READ_VENDOR_DATA: three bytes. */
export function decodeVendorData(bytes: Uint8Array): VendorData {
  const [vendorId = 0, productId = 0, firmware = 0] = bytes;
  return { vendorId, productId, firmware };
}

/** READ_UID: the 96-bit id of the microcontroller, upper-case hexadecimal of the bytes in order. */
export function decodeUid(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** READ_NAME: the text before the first NUL, without characters that cannot be printed (an erased name is all 0xFF). */
export function decodeName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
  return text.replace(/[\p{C}\uFFFD]/gu, '').trim();
}

// Boards that share the USB id of BENCHLAB (ElmorLabs' own samples), also with a short announcement.
const relatives = /PMD|WireView/i;

/**
 * The name under which a device announced itself, where that is not BENCHLAB: that of a known relative, or any run of
 * text. Left-over bytes of a sensor frame or the tail of a welcome are not an announcement.
 */
export function foreignAnnouncement(greeting: Uint8Array): string | undefined {
  const text = Buffer.from(greeting).toString('latin1');
  if (text.includes('BENCHLAB')) return undefined;
  const runs = text.match(/[\x20-\x7e]{3,}/g) ?? [];
  return runs.find((run) => relatives.test(run) || isText(run))?.trim();
}

function isText(run: string): boolean {
  return run.length >= 6 && run.replace(/[^A-Za-z]/g, '').length >= 4 && !'BENCHLAB'.endsWith(run);
}
