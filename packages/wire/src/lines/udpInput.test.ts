import { createSocket } from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { inputRig, timeout } from './inputRig.suite.ts';
import { readLines } from './readLines.ts';

const rig = inputRig();

describe('datagrams', () => {
  it('to a port of loopback are lines, each datagram whole lines', async () => {
    const port = await freePort();
    await rig.start(`udp:${port}`);
    const socket = createSocket('udp4');
    socket.send('1\n2', port, '127.0.0.1');
    socket.send('bad', port, '127.0.0.1');

    await expect.poll(() => rig.lines, { timeout }).toEqual(['1', '2']);
    await expect.poll(() => rig.got.rejections[0]?.reason, { timeout }).toContain('line 3');
    await expect(readLines(`udp:${port}`).start(rig.got)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    socket.close();
  });
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
