// Loaded into each Node.js process under `benchlab-probe doctor -- CMD`, by --require, before the application. It reports what
// happens to OpenTelemetry there, and changes nothing. Plain CommonJS without dependencies, for every Node.js from 18.19 on.
'use strict';

const { reporter } = require('./report.cjs');

const folder = process.env.BENCHLAB_DOCTOR_FOLDER;
if (folder) {
  const report = reporter(folder);
  // What is wrong here must not keep the application from running.
  for (const part of ['./registration.cjs', './modules.cjs', './servers.cjs']) {
    try {
      require(part).observe(report);
    } catch (error) {
      report({ kind: 'fault', text: `${part}: ${error?.message}` });
    }
  }
}
