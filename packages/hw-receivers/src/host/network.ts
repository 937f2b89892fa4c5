import type { Reading, Sensor } from '@benchlab-otel/core';
import { attribute, metric } from '@benchlab-otel/core/definitions';
import { DeviceSensors } from './deviceSensors.ts';
import type { FileText, HostFiles } from './files.ts';
import { garbled, type HostPart, oddField, type PartOptions, push, tooMany, unreadable } from './part.ts';
import { rejectedSensor } from './rejected.ts';
import { completeLines, counter } from './text.ts';

/** The counters of an interface since it came up. A counter that is wrong is absent. */
interface InterfaceCounters {
  readonly name: string;
  readonly receive: Flow;
  readonly transmit: Flow;
}

const flowFields = ['bytes', 'packets', 'errors', 'dropped'] as const;
type Flow = Readonly<Partial<Record<(typeof flowFields)[number], number>>>;

/** `/proc/net` is a link to `self/net`: the network of the process that reads. */
const ownPath = '/proc/net/dev';
/** The network of the host, where /proc is that of the host. */
const hostPath = '/proc/1/net/dev';
const headerLines = 2;
const fieldCount = 16;

/** Linux, proc(5), /proc/net/dev: eight counters for each direction. The first four are read. */
function parseInterfaces(
  path: string,
  text: string,
): { readonly interfaces: readonly InterfaceCounters[]; readonly problems: readonly string[] } {
  const { lines, isCut } = completeLines(text);
  const problems = isCut || lines.length < headerLines ? [garbled(path)] : [];
  const interfaces = lines.slice(headerLines).flatMap((line) => interfaceOf(path, line, problems) ?? []);
  return { interfaces, problems };
}

function interfaceOf(path: string, line: string, problems: string[]): InterfaceCounters | undefined {
  // The name may be followed by a number without a space between, and may contain a colon itself.
  const [, name, rest = ''] = /^ *(\S+): *(\S.*)$/.exec(line) ?? [];
  const fields = rest.trim().split(/\s+/);
  if (name === undefined || fields.length !== fieldCount) {
    problems.push(name === undefined ? garbled(path) : oddField(path, `the line of ${name}`));
    return undefined;
  }
  const flow = (direction: string, from: number): Flow => {
    const values: { -readonly [Name in keyof Flow]: Flow[Name] } = {};
    flowFields.forEach((field, index) => {
      const value = counter(fields[from + index]);
      if (value === undefined) problems.push(oddField(path, `${direction} ${field} of ${name}`));
      else values[field] = value;
    });
    return values;
  };
  return { name, receive: flow('receive', 0), transmit: flow('transmit', 8) };
}

// One end of a pair into a container. They come and go with containers, and a bridge counts the same bytes.
const ignored = /^veth/;
const directions = ['receive', 'transmit'] as const;

export class NetworkPart implements HostPart {
  readonly #devices = new DeviceSensors(sensorsOf);
  readonly #leftOut: Sensor = rejectedSensor('host/interfaces', 'no_room');
  readonly #isRooted: boolean;
  #isWhoseKnown = false;

  constructor({ isRooted }: PartOptions = {}) {
    this.#isRooted = isRooted === true;
  }

  read(files: HostFiles, readings: Reading[]): readonly string[] {
    const { path, file, whose } = this.#file(files);
    if (file.kind !== 'text') return unreadable(path, file.kind);
    const { interfaces, problems } = parseInterfaces(path, file.text);
    const shown = interfaces.filter(({ name }) => !ignored.test(name));
    const rank = ({ name }: InterfaceCounters) => rankOf(files, name);
    const left = this.#devices.each(shown, rank, (each, sensors) => {
      for (const direction of directions) append(readings, sensors[direction], each[direction]);
      push(readings, sensors.received, each.receive.bytes);
      push(readings, sensors.sent, each.transmit.bytes);
    });
    if (this.#devices.leftOut > 0) readings.push({ sensor: this.#leftOut, value: this.#devices.leftOut });
    const more = left === 0 ? [] : [tooMany(left, 'interfaces', this.#devices.max)];
    return [...problems, ...whose, ...more];
  }

  /** In a container `/proc` of the host shows the interfaces of the container, unless those of process 1 are read. */
  #file(files: HostFiles): { readonly path: string; readonly file: FileText; readonly whose: readonly string[] } {
    const ofHost: FileText = this.#isRooted ? files.read(hostPath) : { kind: 'absent' };
    if (ofHost.kind === 'text') return { path: hostPath, file: ofHost, whose: [] };
    const file = files.read(ownPath);
    const isOwn = this.#isRooted && file.kind === 'text' && !this.#isWhoseKnown;
    // Once: nothing is wrong.
    this.#isWhoseKnown ||= isOwn;
    const reason = ofHost.kind === 'denied' ? 'no permission to read' : 'there is no';
    const what = `${reason} ${hostPath}: the network that is shown is that of this process, not of the host`;
    return { path: ownPath, file, whose: isOwn ? [what] : [] };
  }
}

/** Bridges, tunnels and ends of pairs, by the names that the programs give which make them. */
const virtualNames =
  /^(cali|cilium|lxc|cni|flannel|docker|br-|virbr|vnet|vif|tap|tun|wg|dummy|ifb|ip6?tnl|sit|gre|erspan|kube|ovs|nodelocal)/;

/** Interfaces with hardware behind them, then those of which it is not known, then virtual ones. */
function rankOf(files: HostFiles, name: string): number {
  if (files.list(`/sys/class/net/${name}/device`).length > 0) return 0;
  return virtualNames.test(name) ? 2 : 1;
}

type FlowSensors = Readonly<Record<(typeof flowFields)[number], Sensor>>;

function append(readings: Reading[], sensors: FlowSensors, values: Flow): void {
  for (const field of flowFields) push(readings, sensors[field], values[field]);
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
