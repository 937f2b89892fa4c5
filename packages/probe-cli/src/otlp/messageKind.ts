import type { PackageDefinition } from '@grpc/proto-loader';
import type { MessageKind } from './messageBounds.ts';

/** The parts of a DescriptorProto (descriptor.proto of protobuf) that are read here. */
interface Descriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
  readonly nestedType: readonly Descriptor[];
}

interface FieldDescriptor {
  readonly number: number;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
}

/** Wire type and least bytes of a number, by type. Source: https://protobuf.dev/programming-guides/encoding/#structure */
const eightBytes = { wireType: 1, numberBytes: 8 };
const fourBytes = { wireType: 5, numberBytes: 4 };
const varint = { wireType: 0, numberBytes: 1 };
const numbers: Readonly<Record<string, { readonly wireType: number; readonly numberBytes: number }>> = {
  TYPE_DOUBLE: eightBytes,
  TYPE_FIXED64: eightBytes,
  TYPE_SFIXED64: eightBytes,
  TYPE_FLOAT: fourBytes,
  TYPE_FIXED32: fourBytes,
  TYPE_SFIXED32: fourBytes,
};

/** The kind of a message with the kinds within it, from the definitions that were loaded with it. */
export function messageKind(definitions: PackageDefinition, root: unknown): MessageKind {
  const descriptors = new Map<string, Descriptor>();
  const add = (descriptor: Descriptor): void => {
    descriptors.set(descriptor.name, descriptor);
    descriptor.nestedType.forEach(add);
  };
  for (const definition of Object.values(definitions)) if ('type' in definition) add(definition.type as Descriptor);
  const kinds = new Map<string, MessageKind>();
  const kindOf = (descriptor: Descriptor): MessageKind => {
    const known = kinds.get(descriptor.name);
    if (known !== undefined) return known;
    // Kinds contain themselves: a list is a value.
    const kind: MessageKind = { fields: new Map() };
    kinds.set(descriptor.name, kind);
    for (const { number, label, type, typeName } of descriptor.field) {
      const { wireType, numberBytes } = numbers[type] ?? varint;
      if (type === 'TYPE_MESSAGE')
        kind.fields.set(number, { wireType: 2, message: kindOf(named(descriptors, typeName)) });
      else if (type === 'TYPE_STRING' || type === 'TYPE_BYTES') kind.fields.set(number, { wireType: 2 });
      else kind.fields.set(number, label === 'LABEL_REPEATED' ? { wireType, numberBytes } : { wireType });
    }
    return kind;
  };
  return kindOf(root as Descriptor); // what the loader makes of a message
}

function named(descriptors: ReadonlyMap<string, Descriptor>, typeName: string): Descriptor {
  const found = descriptors.get(typeName.slice(typeName.lastIndexOf('.') + 1));
  if (found === undefined) throw new TypeError(`${typeName} is not in proto/`);
  return found;
}
