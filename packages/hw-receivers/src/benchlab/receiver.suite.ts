import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { boardAnswer } from '../testing/boardAnswer.suite.ts';
import { type Answer, MemoryPort } from '../testing/memoryPort.suite.ts';
import { contractFor, fromHex, sensorVector } from './contract/vectors.suite.ts';
import type { Host } from './device/host.ts';
import { type BenchlabReceiverOptions, benchlabReceiver } from './receiver.ts';

export const bl2 = contractFor({ product_id: '0x11', firmware: 7 });
export const frame = fromHex(sensorVector('bl2-fw07-typical').frame_hex);
export const uid = '3A0025000B51383239373834';
export const good = boardAnswer({ contract: bl2, frame });
/** Opening, listening for 100 ms and the pauses of identification. */
export const identifyMs = 170;

/** A receiver of boards in memory, on a manual clock. */
export function setUp(ports: Record<string, MemoryPort>, options: BenchlabReceiverOptions = {}) {
  const clock = new ManualClock();
  const enumerations = new Map(Object.keys(ports).map((path) => [path, 1]));
  const host: Host = {
    sysfs: '/nowhere',
    transport: (path) => {
      const port = ports[path];
      if (!port) throw new Error(`no port ${path}`);
      return port.transport(path);
    },
    node: (path) => ({ realPath: path, isPseudoTerminal: false, enumeration: String(enumerations.get(path)) }),
  };
  const consumer = new Collected();
  const receiver = benchlabReceiver({ ports: Object.keys(ports), clock, dither: false, ...options }, host);
  const replug = (path: string) => enumerations.set(path, (enumerations.get(path) ?? 0) + 1);
  return { clock, receiver, consumer, replug };
}

export function boardPort(answer: Answer = good) {
  return new MemoryPort(answer);
}
