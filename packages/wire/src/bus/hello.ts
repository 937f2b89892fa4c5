import { BenchlabError } from '@benchlab-otel/core';
import { BadLine } from '../lines/badLine.ts';
import { type Fields, textField, timeField, wholeField } from '../samples/fields.ts';
import { busSchema, busVersion, type ClockIdentity, type HelloMessage } from './protocol.ts';

/** The first line is read within milliseconds after it was written; a process that was stopped in between connects again. */
const mostApartNs = 10e9;

/**
 * Reads the first line of a bus, which proves that its times mean the same here.
 *
 * @throws BadLine for another line; BenchlabError UNSUPPORTED for another version or another clock, BUS_FULL
 */
export function readHello(message: Fields, identity: ClockIdentity, nowNs: number): HelloMessage {
  if (message.bus !== busSchema) throw new BadLine('its first line is not that of a sample bus');
  const version = wholeField(message, 'version');
  if (version !== busVersion) {
    const what = `The agent speaks version ${version} of the sample bus, and this program version ${busVersion}.`;
    throw new BenchlabError('UNSUPPORTED', what, 'Install the same version of benchlab-otel on both sides.');
  }
  const [boot, clock] = [textField(message, 'boot'), textField(message, 'clock')];
  if (boot !== identity.boot || clock !== identity.clock) {
    const whose = boot === identity.boot ? 'another time namespace' : 'another host, or of this host before a restart';
    const what = `The clock of the agent is that of ${whose}: the times of its samples mean nothing here.`;
    throw new BenchlabError('UNSUPPORTED', what, 'Run the agent on this host, outside of a time namespace.');
  }
  const timeNs = timeField(message);
  // Some sandboxes show the boot id of their host and have a clock of their own.
  if (Math.abs(nowNs - timeNs) > mostApartNs) {
    const what = 'The clocks of the agent and of this process are more than ten seconds apart.';
    const fix = 'Run the agent and its readers on one host, in one kind of container.';
    throw new BenchlabError('UNSUPPORTED', what, fix);
  }
  if (message.full !== undefined) {
    const what = `The agent has ${wholeField(message, 'full')} readers already and takes no further one.`;
    throw new BenchlabError('BUS_FULL', what, 'End one of them. It is tried again.');
  }
  const node = message.node === undefined ? {} : { node: textField(message, 'node') };
  return { bus: busSchema, version, pid: wholeField(message, 'pid'), boot, clock, timeNs, ...node };
}
