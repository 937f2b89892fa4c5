// Where a word that check-english.mjs finds is right: the file, a part of the line, and the reason.
const words = ['told', 'heard', 'whatever', 'somebody', 'nobody', 'anew', 'is none of', 'so long', 'so many'];
const rows = [
  'tell, told, say',
  'is no X, is none',
  'whatever',
  'somebody, nobody',
  'anew, afresh',
  'so long, so many',
];

export const exceptions = [
  ...words.map((word) => ({
    path: 'scripts/check-english.mjs',
    text: `['${word}', `,
    reason: 'The list of the words themselves.',
  })),
  ...rows.map((row) => ({
    path: 'CONTRIBUTING.md',
    text: `| ${row}`,
    reason: 'The table of words to avoid.',
  })),
];
