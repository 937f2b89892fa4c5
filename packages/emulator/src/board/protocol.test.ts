import { createRequire } from 'node:module';
import {
  contractOf,
  contracts,
  type FirmwareContract,
  opcode,
  type Variant,
} from '@benchlab-otel/hw-receivers/protocol';
import { describe, expect, it } from 'vitest';
import { BoardProtocol } from './protocol.ts';

interface CommandVector {
  readonly id: string;
  readonly request_hex: string;
  readonly response_hex: string;
}
const vectors: { command_vectors: readonly CommandVector[] } = createRequire(import.meta.url)(
  '../../../hw-receivers/data/benchlab-vectors.json',
);

function vector(id: string): CommandVector {
  const found = vectors.command_vectors.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no vector ${id}`);
  return found;
}

function board(variant: Variant, firmware: number, name = 'bench-rig-07'): (request: string) => string {
  const contract = contractOf(variant === 'bl2' ? 0x11 : 0x10, firmware) as FirmwareContract;
  const protocol = new BoardProtocol({
    contract,
    uid: Buffer.from('3a0025000b51383239373834', 'hex'),
    name,
    sensors: () => new Uint8Array(contract.sensors.size).fill(7),
  });
  return (request) => {
    const replies = protocol.receive(Buffer.from(request, 'hex'));
    return Buffer.concat(replies.map((reply) => reply.bytes)).toString('hex');
  };
}

describe('BoardProtocol', () => {
  it.each<[string, Variant, number]>([
    ['welcome-9', 'original', 4],
    ['welcome-9', 'bl2', 5],
    ['welcome-32', 'original', 5],
    ['welcome-32', 'bl2', 6],
    ['vendor-original', 'original', 6],
    ['vendor-bl2', 'bl2', 7],
    ['vendor-bl2-fw04', 'bl2', 4],
    ['uid', 'bl2', 7],
    ['name', 'original', 2],
    ['write-name', 'original', 2],
    ['read-fan-profile-0-fan-2', 'bl2', 7],
    ['read-rgb-0', 'original', 3],
    ['status-ok', 'original', 6],
    ['action-button-power-200ms', 'bl2', 7],
  ])('answers the vector %s on %s firmware %i', (id, variant, firmware) => {
    const { request_hex, response_hex } = vector(id);
    expect(board(variant, firmware)(request_hex)).toBe(response_hex);
  });

  it.each(contracts.map((contract) => [`${contract.product} ${contract.firmware}`, contract] as const))(
    'sends what the contract of %s promises, and nothing where it promises nothing',
    (_, { variant, firmware, replyBytes }) => {
      const reads: Record<string, string> = { READ_FAN_PROFILE: '050208', READ_RGB: '0701' };
      for (const [command, code] of Object.entries(opcode)) {
        const isRead = /^(READ_|WELCOME|STATUS)/.test(command);
        const reply = board(variant, firmware)(reads[command] ?? code.toString(16).padStart(2, '0'));
        const promised = replyBytes[command as keyof typeof replyBytes] ?? 0;
        expect([command, reply.length / 2]).toEqual([command, isRead ? promised : 0]);
      }
    },
  );

  it('greets a client that opens the port only with firmware that does so', () => {
    const greets = contracts.filter((contract) => {
      const traits = { contract, uid: new Uint8Array(12), name: '', sensors: () => new Uint8Array(0) };
      return new BoardProtocol(traits).greeting() !== undefined;
    });
    const names = greets.map(({ variant, firmware }) => `${variant} ${firmware}`);
    expect(names).toEqual(['original 5', 'original 6', 'bl2 6', 'bl2 7']);
  });

  it('reads back what was written', () => {
    const ask = board('original', 6);
    const calibration = vector('read-calibration-original').response_hex;
    const fan = vector('read-fan-profile-0-fan-2').response_hex.replace(/^00/, '02');
    expect([ask(`0a${calibration}`), ask(`060108${fan}`), ask('0801010203040506'), ask('0472696720')]).toEqual([
      '',
      '',
      '',
      '',
    ]);
    expect(ask('09')).toBe(calibration);
    expect(ask('050108')).toBe(fan);
    expect(ask('0701')).toBe('010203040506');
    expect(ask('03')).toBe('72696720'.padEnd(64, '0'));
  });

  it('writes a calibration in pieces with older firmware', () => {
    const ask = board('bl2', 6);
    expect(ask('0a04aabb')).toBe('');
    expect(ask('09').slice(8, 12)).toBe('aabb');
    ask('0affffffffff'); // offset 255: still within 294 bytes
    expect(ask('09').slice(510, 518)).toBe('ffffffff');
  });

  it('joins a long write from its packets', () => {
    const ask = board('bl2', 7);
    const config = '5a'.repeat(128);
    for (const packet of [`10${config.slice(0, 126)}`, config.slice(126, 200), config.slice(200)])
      expect(ask(packet)).toBe('');
    expect(ask('0f')).toBe(config);
  });

  it('takes the next requests after a stray line feed for data, because it opens a calibration write', () => {
    const ask = board('original', 6);
    expect([ask('0a'), ask('00'), ask('0d')]).toEqual(['', '', '']);
  });

  it('drops an unfinished request when the client hangs up', () => {
    const contract = contractOf(0x10, 6) as FirmwareContract;
    const traits = { contract, uid: new Uint8Array(12), name: '', sensors: () => new Uint8Array(0) };
    const protocol = new BoardProtocol(traits);
    protocol.receive(Uint8Array.of(0x0a, 1, 2));
    protocol.hangUp();
    expect(protocol.receive(Uint8Array.of(0x0e))).toHaveLength(1);
  });

  it('answers each request where a pseudo-terminal has joined several', () => {
    expect(board('original', 6)('0e0500020e')).toBe(`ee1006${vector('read-fan-profile-0-fan-2').response_hex}ee1006`);
  });

  it.each([
    ['an unknown opcode', '42', 3],
    ['text', '41540d0a', 3],
    ['the reserved opcode', 'ff', 3],
    ['a command of the other product', '0f', 3],
    ['a short request', '0500', 1],
    ['a long request', '070099', 1],
    ['a name of 33 bytes', `04${'41'.repeat(33)}`, 1],
    ['a fan that does not exist', '050009', 2],
    ['an RGB profile that does not exist', '0702', 2],
    ['a calibration slot that does not exist', '0c02', 2],
  ])('does not answer %s, and reports the reason through STATUS as often as it is asked', (_, request, status) => {
    const ask = board('original', 6);
    expect(ask(request)).toBe('');
    expect([ask('14'), ask('14')]).toEqual([`0${status}`, `0${status}`]);
    ask('00');
    expect(ask('14')).toBe('00');
  });
});
