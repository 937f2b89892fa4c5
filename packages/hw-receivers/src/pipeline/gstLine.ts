/** One line of GStreamer's debug log. */
export interface GstLine {
  /** Since the library was loaded, ns. */
  readonly logNs: number;
  readonly category: string;
  /** The text after the location. A tracer writes `NAME, key=(type)value, …;`. */
  readonly text: string;
}

/** A record of a tracer: its name and fields as texts, numbers still in their digits. */
export interface GstRecord {
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
}

// log-time pid thread level category file:line:func:[object] text (GStreamer 1.22, gst_debug_log_default).
const line = /^(\d+):(\d\d):(\d\d)\.(\d{9})\s+\d+\s+0x[0-9a-f]+\s+[A-Z]+\s+(\S+)\s+\S*?:\d*:\S*?:(?:<[^>]*>)?\s+(.*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin so
const colours = /\u001b\[[0-9;]*m/g;

/** Undefined for text that is not such a line: a cut line, a further line of a message. */
export function gstLine(text: string): GstLine | undefined {
  const found = line.exec(text.includes('\u001b') ? text.replace(colours, '') : text);
  if (found === null) return undefined;
  const [, hours, minutes, seconds, nanoseconds, category = '', message = ''] = found;
  const logNs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1e9 + Number(nanoseconds);
  return { logNs, category, text: message };
}

/**
 * The record in a line of a tracer; undefined for schemas (`buffer.class`), their format strings, and cut lines, which lack
 * the semicolon. Unknown fields are kept too.
 */
export function gstRecord(text: string): GstRecord | undefined {
  const comma = text.indexOf(',');
  const name = text.slice(0, comma);
  if (comma < 1 || !/^[a-z-]+$/.test(name) || !text.endsWith(';')) return undefined;
  const fields = new Map<string, string>();
  // A text is written as it is, without quotes: it ends where the next field begins, or the record.
  const field = /\s*([a-z-]+)=\(([A-Za-z0-9]+)\)(.*?)(?:,(?= [a-z-]+=\([A-Za-z0-9]+\))|;$)/y;
  field.lastIndex = comma + 1;
  for (let found = field.exec(text); found !== null; found = field.exec(text)) {
    const [, key = '', , value = ''] = found;
    fields.set(key, value);
  }
  return fields.size === 0 ? undefined : { name, fields };
}

/** 2^64 - 1 and 2^32 - 1 stand for "none". */
const none: ReadonlySet<string> = new Set(['18446744073709551615', '4294967295']);

/** A whole number of a record, exact below 2^53 (104 days in ns); undefined for none, for a larger one, and for other text. */
export function wholeField({ fields }: GstRecord, name: string): number | undefined {
  const text = fields.get(name);
  if (text === undefined || none.has(text) || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
