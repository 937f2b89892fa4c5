import { expect, it } from 'vitest';
import { checkRedactRules } from './redactRule.ts';

it('accepts each kind of rule', () => {
  const rules = [
    { allow: ['http.*', /^db\./] },
    { drop: [] },
    { hash: ['user.id'], key: 'k'.repeat(16) },
    { mask: /\d{16}/ },
    { mask: [/a/, /b/], names: ['x'] },
    { mask: 'secrets' },
    { replace: () => undefined, names: ['y'] },
  ];
  expect(() => checkRedactRules(rules)).not.toThrow();
  expect(() => checkRedactRules([])).not.toThrow();
});

it.each<[unknown, string]>([
  [null, 'redact is null. It must be a list of at most 100 rules.'],
  [{ drop: ['a'] }, 'redact is an object. It must be a list'],
  [new Array(101).fill({ drop: [] }), 'redact is a list of 101.'],
  [[7], 'redact[0] is 7. It must be an object with exactly one of allow, drop, hash, mask, replace.'],
  [[{}], 'redact[0] is an object. It must be an object with exactly one of'],
  [[{ drop: [], allow: [] }], 'exactly one of'],
  [[{ drop: [], names: [] }], 'redact[0].names is not allowed. It must be left out: a rule with drop has drop.'],
  [[{ mask: /a/, nmes: [] }], 'It must be left out: a rule with mask has mask and names.'],
  [[{ drop: 'a' }], 'redact[0].drop is "a". It must be a list of at most 1000 texts that are not empty and regular'],
  [[{ drop: [''] }], 'redact[0].drop is a list of 1.'],
  [[{ mask: 'passwords' }], "It must be a regular expression, a list of them, or 'secrets'."],
  [[{ mask: [] }], 'redact[0].mask is a list of 0.'],
  [[{ mask: /x*/ }], 'It must be a pattern that does not match the empty text, as "/x*/" does.'],
  [[{ replace: 'x' }], 'redact[0].replace is "x". It must be a function.'],
  [[{ hash: ['a'] }], 'redact[0].key is not allowed. It must be a text of at least 16 characters.'],
  [[{ hash: ['a'], key: 'hunter2' }], 'redact[0].key is not allowed.'],
])('refuses %j', (rules, message) => {
  expect(() => checkRedactRules(rules)).toThrow(message);
  expect(() => checkRedactRules(rules)).not.toThrow('hunter2');
});
