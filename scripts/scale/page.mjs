// docs/proofs.md: one section for each proof, with its last run. Writing one section leaves the others as they are.

const head = `# Proofs

What takes too long for every change: \`npm run test:scale\` runs all of it, \`npm run test:scale -- NAME\` one proof. It writes
the date, the commit and the figures of the last run into this page. A proof that failed stays here as failed until it passes.
`;

/** The page with the section of this run in place of the section before it. Sections are sorted by name. */
export function withRun(page, run) {
  const sections = new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [/^## (\S+)/.exec(section)?.[1], section.trimEnd()]),
  );
  sections.set(run.name, sectionOf(run));
  const names = [...sections.keys()].sort();
  return `${[head.trimEnd(), ...names.map((name) => sections.get(name))].join('\n\n')}\n`;
}

function sectionOf({ name, what, passed, date, commit, seconds, machine, figures, fault }) {
  const rows = [
    ['result', passed ? 'passed' : 'failed'],
    ['date', date],
    ['commit', commit],
    ['machine', machine],
    ['duration', `${Math.round(seconds)} s`],
    ...Object.entries(figures),
    ...(fault === undefined ? [] : [['fault', fault]]),
  ];
  const cell = (value) => String(value).replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
  return [
    `## ${name}`,
    '',
    what,
    '',
    '| | |',
    '| --- | --- |',
    ...rows.map(([key, value]) => `| ${cell(key)} | ${cell(value)} |`),
  ].join('\n');
}
