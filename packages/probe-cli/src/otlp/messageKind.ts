/** What is in the bytes of a field. */
export type Scalar =
  | 'string'
  | 'bytes'
  /** Bytes, as hexadecimal text. */
  | 'hex'
  | 'bool'
  | 'int32'
  | 'uint32'
  | 'sint32'
  | 'int64'
  | 'uint64'
  | 'fixed64'
  | 'sfixed64'
  | 'double';

/** The fields of a kind of message, by number. Fields that are not here are skipped. */
export interface MessageKind {
  readonly fields: Map<number, FieldKind>;
  /** Messages of this kind are often the same, byte for byte. */
  readonly repeats?: boolean;
}

export interface FieldKind {
  /** As the object has it: `traceId`. */
  readonly name: string;
  readonly type: Scalar | MessageKind;
  readonly isList: boolean;
  /** 0 varint, 1 eight bytes, 2 bytes with their length, 5 four bytes. */
  readonly wireType: number;
  /** The kind of the messages in it. */
  readonly message?: MessageKind;
  /** It is a list of numbers, each of this many bytes at least, which may be packed (wire type 2). */
  readonly numberBytes?: number;
}

type Content = Scalar | MessageKind;

/** Its number, and what is in it: a list of one stands for a list. */
export type FieldSpec = readonly [number, Content | readonly [Content]];

/** A kind of message from its fields by name. With `into`, fills one that other kinds refer to already. */
export function messageKind(
  fields: Readonly<Record<string, FieldSpec>>,
  into: MessageKind = { fields: new Map() },
): MessageKind {
  for (const [name, [number, content]] of Object.entries(fields)) {
    const isList = Array.isArray(content);
    const type: Content = isList ? content[0] : (content as Content); // not a list
    into.fields.set(number, { name, type, isList, ...wireForm(type, isList) });
  }
  return into;
}

/** Wire type and least bytes of a number. Source: https://protobuf.dev/programming-guides/encoding/#structure */
function wireForm(type: Content, isList: boolean): Pick<FieldKind, 'wireType' | 'message' | 'numberBytes'> {
  if (typeof type === 'object') return { wireType: 2, message: type };
  if (type === 'string' || type === 'bytes' || type === 'hex') return { wireType: 2 };
  const isFixed = type === 'fixed64' || type === 'sfixed64' || type === 'double';
  return { wireType: isFixed ? 1 : 0, ...(isList ? { numberBytes: isFixed ? 8 : 1 } : {}) };
}
