import { attribute, metric, type Reading, type Sensor } from '@benchlab-otel/core';
import { DeviceSensors } from './deviceSensors.ts';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart } from './part.ts';
import { completeLines, counts } from './text.ts';

/** The counters of an interface since it came up. */
interface InterfaceCounters {
  readonly name: string;
  readonly receive: Flow;
  readonly transmit: Flow;
}

interface Flow {
  readonly bytes: number;
  readonly packets: number;
  readonly errors: number;
  readonly dropped: number;
}

const path = '/proc/net/dev';
const headerLines = 2;
const fieldCount = 16;

/** Linux, proc(5), /proc/net/dev: eight counters for each direction. The first four are read. */
function parseInterfaces(text: string): {
  readonly interfaces: readonly InterfaceCounters[];
  readonly isGarbled: boolean;
} {
  const { lines, isCut } = completeLines(text);
  const rows = lines.slice(headerLines);
  const interfaces = rows.flatMap((line) => interfaceOf(line) ?? []);
  return { interfaces, isGarbled: isCut || lines.length < headerLines || interfaces.length < rows.length };
}

function interfaceOf(line: string): InterfaceCounters | undefined {
  // The name may be followed by a number without a space between, and may contain a colon itself.
  const [, name, rest] = /^ *(\S+): *(\d.*)$/.exec(line) ?? [];
  const numbers = counts(rest?.trim().split(/\s+/) ?? []);
  if (name === undefined || numbers?.length !== fieldCount) return undefined;
  return { name, receive: flow(numbers, 0), transmit: flow(numbers, 8) };
}

function flow(numbers: readonly number[], from: number): Flow {
  const [bytes = 0, packets = 0, errors = 0, dropped = 0] = numbers.slice(from, from + 4);
  return { bytes, packets, errors, dropped };
}

// One end of a pair into a container. They come and go with containers, and a bridge counts the same bytes.
const ignored = /^veth/;
const directions = ['receive', 'transmit'] as const;

export class NetworkPart implements HostPart {
  readonly #devices = new DeviceSensors(sensorsOf);

  read(files: HostFiles, readings: Reading[]): string | undefined {
    const file = files.read(path);
    if (file.kind === 'absent') return undefined;
    if (file.kind !== 'text') return garbled(path);
    const { interfaces, isGarbled } = parseInterfaces(file.text);
    const shown = interfaces.filter(({ name }) => !ignored.test(name));
    const left = this.#devices.each(shown, (each, sensors) => {
      for (const direction of directions) append(readings, sensors[direction], each[direction]);
      readings.push({ sensor: sensors.received, value: each.receive.bytes });
      readings.push({ sensor: sensors.sent, value: each.transmit.bytes });
    });
    if (isGarbled) return garbled(path);
    return left > 0 ? `${left} interfaces beyond the bound of ${this.#devices.max} are left out` : undefined;
  }
}

type FlowSensors = Readonly<Record<keyof Flow, Sensor>>;

function append(readings: Reading[], sensors: FlowSensors, values: Flow): void {
  readings.push({ sensor: sensors.bytes, value: values.bytes });
  readings.push({ sensor: sensors.packets, value: values.packets });
  readings.push({ sensor: sensors.errors, value: values.errors });
  readings.push({ sensor: sensors.dropped, value: values.dropped });
}

interface InterfaceSensors extends Readonly<Record<(typeof directions)[number], FlowSensors>> {
  readonly received: Sensor;
  readonly sent: Sensor;
}

function sensorsOf(name: string): InterfaceSensors {
  const directed = (direction: string): FlowSensors => {
    const attributes = { [attribute.networkInterfaceName]: name, [attribute.networkIoDirection]: direction };
    return {
      bytes: { metric: metric.systemNetworkIo, attributes },
      packets: { metric: metric.systemNetworkPacketCount, attributes },
      errors: { metric: metric.systemNetworkErrors, attributes },
      dropped: { metric: metric.systemNetworkPacketDropped, attributes },
    };
  };
  const named = { [attribute.networkInterfaceName]: name };
  return {
    receive: directed('receive'),
    transmit: directed('transmit'),
    received: { metric: metric.systemNetworkBytesReceived, attributes: named },
    sent: { metric: metric.systemNetworkBytesSent, attributes: named },
  };
}
