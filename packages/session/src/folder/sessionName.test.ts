import { expect, test } from 'vitest';
import { checkedSessionName, sessionName } from './sessionName.ts';

const openedAt = Date.UTC(2025, 10, 11, 14, 30, 0, 987);

test('a session is named for the second in which it opens', () => {
  expect(sessionName(openedAt, () => false)).toBe('2025-11-11T14-30-00Z');
});

test('the second and third session of one second get a number', () => {
  const taken = ['2025-11-11T14-30-00Z', '2025-11-11T14-30-00Z-2'];

  expect(sessionName(openedAt, (name) => taken.slice(0, 1).includes(name))).toBe('2025-11-11T14-30-00Z-2');
  expect(sessionName(openedAt, (name) => taken.includes(name))).toBe('2025-11-11T14-30-00Z-3');
});

test.each(['warm-up', 'Run_7', '2025-11-11T14-30-00Z', 'a'.repeat(100), 'v1.2'])('%s is a name', (name) => {
  expect(checkedSessionName(name, '--session')).toBe(name);
});

test.each(['', '.', '..', '../x', 'a/b', '.hidden', '-rf', 'a b', 'naïve', 'a\0', 'a\n', 'a'.repeat(101)])(
  '%j is refused as the name of a session',
  (name) => {
    expect(() => checkedSessionName(name, '--session')).toThrow(
      expect.objectContaining({ option: '--session', code: 'BAD_OPTION' }),
    );
  },
);
