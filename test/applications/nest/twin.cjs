// The twin: the same compiled application, in which every mark does nothing.
const { cpSync, writeFileSync } = require('node:fs');

cpSync('dist', 'twin', { recursive: true });
const marks = ['Counted', 'InFlight', 'Observed', 'Span', 'Timed', 'Traced', 'Untraced'];
// `@Mark` gets a class or a prototype with a key; `@Mark({ … })` and `@Mark('name')` get neither.
const nothing = `(first, key) => (typeof first === 'function' || key !== undefined ? undefined : () => undefined)`;
writeFileSync('twin/marks.js', marks.map((name) => `exports.${name} = ${nothing};\n`).join(''));
