'use strict';

const Module = require('node:module');
const { pathToFileURL } = require('node:url');
const { join } = require('node:path');

const instrumentation = '@opentelemetry/instrumentation-pino';

/** Watches who loads pino and its instrumentation, and which loader hooks there are. */
exports.observe = function observe(report) {
  const key = Symbol.for('opentelemetry.js.api.1');
  const hooks = join(__dirname, 'hooks.mjs');
  const resolved = ({ specifier, parent }) => report({ kind: 'import', specifier, parent });
  if (typeof Module.registerHooks !== 'function' && typeof Module.register === 'function') {
    Module.register(pathToFileURL(hooks).href, {
      data: { folder: process.env.BENCHLAB_DOCTOR_FOLDER, pid: process.pid },
    });
  } else if (typeof Module.registerHooks === 'function' && mixesHooks()) {
    Module.registerHooks({
      resolve(specifier, context, next) {
        if (specifier === 'pino' && context.conditions?.includes('import')) {
          resolved({ specifier, parent: context.parentURL });
        }
        return next(specifier, context);
      },
    });
  } else {
    report({ kind: 'imports-unknown' });
  }
  for (const name of ['register', 'registerHooks']) watchHook(name, report);

  const load = Module._load;
  Module._load = function (request, ...more) {
    if (
      request === instrumentation ||
      /[/\\]@opentelemetry[/\\]instrumentation-pino[/\\]build[/\\]src[/\\]index\.js$/.test(request)
    ) {
      report({ kind: 'pino-instrumentation' });
    }
    // An import of CommonJS from an ES module loads it by its whole path.
    if (/[/\\]pino[/\\]pino\.js$/.test(request))
      report({ kind: 'pino', hasRegistration: globalThis[key] !== undefined });
    return load.call(this, request, ...more);
  };
};

/**
 * Whether hooks of both kinds can be there at once. Node.js 22.23 ends with ERR_METHOD_NOT_IMPLEMENTED when one program calls
 * registerHooks() and register(); 24.21 does not. Versions between them were not tried, and are left alone.
 */
function mixesHooks() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 21);
}

function watchHook(name, report) {
  const original = Module[name];
  if (typeof original !== 'function') return;
  const watched = function (...given) {
    report({ kind: 'loader-hook' });
    return original.apply(this, given);
  };
  Module[name] = watched;
  // An ES module has a copy of the exports of a built-in module.
  Module.syncBuiltinESMExports();
}
